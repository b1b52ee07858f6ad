"""One Aho-Corasick automaton over UTF-8 bytes.

pyahocorasick looks an edge up by going through all edges of a node. Over characters the root of a
Chinese list has hundreds of edges, over bytes no node has more than 64 of a kind, and no match can
begin inside a character.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar, cast

import ahocorasick

_new_automaton = cast("Callable[[], Any]", ahocorasick.Automaton)
_Value = TypeVar("_Value")


class Automaton(Generic[_Value]):
    """Literal strings with a value each; `find` gives every occurrence of all of them."""

    def __init__(self, literals: Iterable[tuple[str, _Value]]) -> None:
        self._states = _new_automaton()
        for text, value in literals:
            self._states.add_word(_as_bytes(text), value)
        self._is_empty = len(self._states) == 0
        if not self._is_empty:
            self._states.make_automaton()

    def __len__(self) -> int:
        return len(self._states)

    def hits(self, text: str) -> list[tuple[int, _Value]]:
        """The last byte of each occurrence, with its value; by that byte."""
        if self._is_empty:
            return []
        return list(self._states.iter(text if text.isascii() else _as_bytes(text)))

    def find(self, text: str) -> list[tuple[int, _Value]]:
        """Where each occurrence ends, as a code point offset, with its value; by that offset."""
        return in_characters(text, self.hits(text))


def in_characters(text: str, hits: Sequence[tuple[int, _Value]]) -> list[tuple[int, _Value]]:
    """Where each of the `hits` in a text ends, as a code point offset, with its value."""
    if text.isascii():
        return [(end + 1, value) for end, value in hits]
    data = text.encode()
    found: list[tuple[int, _Value]] = []
    chars = last = 0
    for end, value in hits:
        chars += len(data[last : end + 1].decode())
        last = end + 1
        found.append((chars, value))
    return found


def _as_bytes(text: str) -> str:
    return text.encode().decode("latin-1")
