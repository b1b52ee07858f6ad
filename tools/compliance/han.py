"""What counts as a Chinese character."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
"""Chinese characters, as ranges of a character class."""


def is_han(char: str) -> bool:
    """True for a Chinese character."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf"
