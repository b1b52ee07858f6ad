"""Which of the supported languages a text is in."""

import re

from domain.errors import InvalidInput

LANGUAGES = ("en", "zh")
"""The languages that reasons and copy are written in."""

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")


def detect_language(text: str, default: str = "en") -> str:
    """`zh` or `en` by weight of script: a Han character weighs as much as a Latin word.

    Product codes and brand names in Latin letters inside a Chinese sentence therefore do not turn
    it English. `default` is returned for text with neither script.
    """
    han = len(_HAN.findall(text))
    latin = len(_LATIN_WORD.findall(text))
    if han == 0 and latin == 0:
        return default
    return "zh" if han >= latin else "en"


def find_supported(tag: str) -> str | None:
    """`en` or `zh` for a BCP 47 tag of it (`en-US`, `zh-Hans`), None for another language."""
    primary = re.split(r"[-_]", tag.strip().lower())[0]
    return primary if primary in LANGUAGES else None


def name_supported(tag: str) -> str:
    """As `find_supported`.

    Raises:
        InvalidInput: another language.
    """
    primary = find_supported(tag)
    if primary is None:
        raise InvalidInput(
            f"Nothing is written in the language `{tag}`.",
            hint=f"Choose one of {', '.join(LANGUAGES)}, or leave it out.",
        )
    return primary


def join_sentence(before: str, sentence: str) -> str:
    """`sentence` with the space that its language wants after `before`."""
    needs_space = before and not _HAN.match(sentence) and before[-1] not in "。！？\n "
    return f" {sentence}" if needs_space else sentence
