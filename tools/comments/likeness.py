"""How alike two readings of a comment are, OCR's slips and cut ends allowed for."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from tools.comments.recognizing import ReadComment
from tools.quotes import edit_distance

SAME = 0.72
"""Likeness from which two readings may be of one comment."""

_SHORT = 4
_OTHER_NUMBER = 0.75  # "size 8?" and "size 9?" are two comments
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=2048)
def fold_reading(text: str) -> str:
    """A reading without what OCR reads now so, now so: width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=8192)
def likeness(one: str, two: str) -> float:
    """The share of signs that two folded readings share in order, 0-1; 1 where they are equal."""
    if one == two:
        return 1.0
    longest = max(len(one), len(two))
    if not one or not two or min(len(one), len(two)) < 0.5 * longest:
        return 0.0
    if (Counter(one) & Counter(two)).total() < SAME * longest:
        return 0.0
    limit = int(longest * (1 - SAME)) + 1
    share = max(0.0, 1 - edit_distance(one, two, limit) / longest)
    return share if _DIGITS.findall(one) == _DIGITS.findall(two) else _OTHER_NUMBER * share


def is_remnant(part: str, whole: str) -> bool:
    """Whether a folded reading is what is left of `whole`: its end, its beginning or its middle."""
    if len(part) >= len(whole) or len(part) < 2:
        return False
    if part in whole:
        return True
    if len(part) < _SHORT:
        return False
    slips = max(1, len(part) // 6)
    ends = (whole[-len(part) :], whole[: len(part)])
    return any(edit_distance(part, end, slips) <= slips for end in ends)


def alike(user: str | None, text: str, comment: ReadComment) -> float:
    """How far a folded user and text are a comment's, 0-1; a user that is missing counts little."""
    read = fold_reading(comment.text)
    score = likeness(text, read)
    if len(text) < _SHORT and text != read:
        score *= 0.6
    if score < 0.5:
        return 0.0
    if user and comment.user:
        named = likeness(user, fold_reading(comment.user))
        return 0.65 * score + 0.35 * named if named > 0.4 else 0.5 * score
    return score if user is None and comment.user is None else 0.9 * score
