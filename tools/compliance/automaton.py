"""One Aho-Corasick automaton over UTF-8 bytes.

pyahocorasick looks an edge up by going through all edges of a node. Over characters the root of a
Chinese list has hundreds of edges, over bytes no node has more than 64 of a kind, and no match can
begin inside a character.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

import ahocorasick

_new_automaton = cast("Callable[[], Any]", ahocorasick.Automaton)


class Automaton:
    """Literal strings with integers each; `find` gives every occurrence of all of them."""

    def __init__(self, literals: Iterable[tuple[str, tuple[int, ...]]]) -> None:
        self._states = _new_automaton()
        known: dict[tuple[int, ...], tuple[int, ...]] = {}
        for text, values in literals:
            self._states.add_word(_as_bytes(text), known.setdefault(values, values))
        self._is_empty = len(self._states) == 0
        if not self._is_empty:
            self._states.make_automaton()

    def __len__(self) -> int:
        return len(self._states)

    def items(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The literals with their integers."""
        for text, values in self._states.items():
            yield text.encode("latin-1").decode(), values

    def values(self, text: str) -> set[int]:
        """The integers of all literals in `text`, each once."""
        if self._is_empty:
            return set()
        found = self._states.iter(text if text.isascii() else _as_bytes(text))
        return set[int]().union(*[values for _, values in found])

    def find(self, text: str) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Where each occurrence ends, as a code point offset, with its integers; by that offset."""
        if self._is_empty:
            return
        if text.isascii():
            for end, values in self._states.iter(text):
                yield end + 1, values
            return
        data = text.encode()
        chars = last = 0
        for end, values in self._states.iter(data.decode("latin-1")):
            chars += len(data[last : end + 1].decode())
            last = end + 1
            yield chars, values


def _as_bytes(text: str) -> str:
    return text.encode().decode("latin-1")
