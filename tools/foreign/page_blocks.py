"""Blocks of a web page, and those that its `<head>` gives."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(slots=True)
class Block:
    """A stretch of the page; `table` and `paired` (a heading in each row) are a row's."""

    kind: Literal["text", "heading", "pair", "row"]
    line: int
    text: str
    cells: list[str] = field(default_factory=list[str])
    repeats: list[int] = field(default_factory=list[int])
    table: int = 0
    paired: bool = False
    aside: str | None = None
    in_main: bool = True
    of_head: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For the answer of the task."""
        names = ("kind", "line", "text", "cells", "repeats", "table", "paired", "aside", "of_head")
        return {name: getattr(self, name) for name in names}


def read_head(root: Any) -> Iterator[Block]:  # noqa: ANN401 (lxml is untyped)
    """The title and the description of the page."""
    for title in root.xpath("//head/title")[:1]:
        if text := squeeze("".join(title.itertext())):
            yield Block("heading", line_of(title), text, of_head=True)
    seen: set[str] = set()
    for meta in root.xpath("//meta[@content]"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        text = squeeze(meta.get("content"))
        if name in ("description", "og:description") and text and text not in seen:
            seen.add(text)
            yield Block("text", line_of(meta), text, of_head=True)


def line_of(element: Any) -> int:  # noqa: ANN401
    """Where the element begins in the file."""
    return element.sourceline or 1


def squeeze(text: str | None) -> str:
    """`text` with single blanks."""
    return " ".join((text or "").replace("\0", "").replace("\u200b", "").split())
