"""What a rewrite changed, word by word."""

import difflib
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_TOKEN = re.compile(r"[\u3400-\u9fff]|\w+(?:['’]\w+)?|\s+|.", re.DOTALL)


class Change(NamedTuple):
    """A run of text that both sides share, or that only one of them has."""

    kind: Literal["same", "removed", "added"]
    text: str


def find_changes(before: str, after: str) -> list[Change]:
    """The runs that make `after` out of `before`; a Chinese character counts as a word.

    The shared and removed runs joined are `before`, the shared and added ones `after`.
    """
    return list(_runs(_TOKEN.findall(before), _TOKEN.findall(after)))


def _runs(before: list[str], after: list[str]) -> Iterator[Change]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Change("same", "".join(before[i:j]))
            continue
        if j > i:
            yield Change("removed", "".join(before[i:j]))
        if m > k:
            yield Change("added", "".join(after[k:m]))
