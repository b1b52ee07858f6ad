"""Whether a text holds a phrase, without mistaking a part of a word or number for it."""

import re

_SPELLINGS = str.maketrans({"×": "x", "*": "x", "–": "-", "’": "'"})


def holds(text: str, phrase: str) -> bool:
    """True when `phrase` stands in `text`, ignoring case and spacing next to digits.

    A Latin word must stand as a word and a number as a number: `28` is in `$28.00`, neither in
    `128` nor in `28.5`. Chinese is matched anywhere.
    """
    wanted = _normal(phrase)
    before = r"(?<![\d.])" if wanted[0].isdigit() else r"(?<![a-z0-9])" if _latin(wanted[0]) else ""
    if wanted[-1].isdigit():
        after = r"(?!\d)(?![.,](?!0+(?!\d))\d)"
    else:
        after = r"(?![a-z])" if _latin(wanted[-1]) else ""
    return re.search(before + re.escape(wanted) + after, _normal(text)) is not None


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _normal(text: str) -> str:
    folded = " ".join(text.translate(_SPELLINGS).lower().split())
    return re.sub(r"(?<=\d) ?x ?(?=\d)|(?<=\d) (?=[a-z一-鿿])|(?<=[一-鿿]) (?=\d)", _joint, folded)


def _joint(found: re.Match[str]) -> str:
    return "x" if "x" in found.group() else ""
