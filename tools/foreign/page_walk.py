"""The readable blocks of a web page in their order: paragraphs, list items, pairs, table rows."""

import re
from collections.abc import Iterator
from typing import Any, Literal

from tools.foreign.page_blocks import Block, line_of, read_head, squeeze
from tools.foreign.page_parts import Parts

_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_INLINE = frozenset(
    """
    a abbr b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike
    strong sub sup time tt u var data output
    """.split()  # noqa: SIM905
)
_LABEL = 30
_VALUE = 200
_CELL = 400
_MOST_SPAN = 50
_MOST_OPTIONS = 60
_SPEAKING_WORDS = 4
_SPEAKING_HAN = 6
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_PLACEHOLDER = re.compile(r"(?:please )?(?:select|choose|pick)\b.*|请?选择.*|[-–—.…\s]*", re.I)


def walk(root: Any, parts: Parts, main: Any | None) -> Iterator[Block]:  # noqa: ANN401
    """The blocks of the page, those of its `<head>` first; boilerplate is left out."""
    yield from read_head(root)
    body = root.find("body")
    if body is not None:
        walking = _Walk(parts, main)
        walking.visit(body)
        walking.flush()
        yield from walking.blocks


class _Walk:
    def __init__(self, parts: Parts, main: Any | None) -> None:  # noqa: ANN401
        self.blocks: list[Block] = []
        self._parts = parts
        self._main = main
        self._in_main = main is None
        self._aside: str | None = None
        self._words = ""
        self._at = 0
        self._tables = 0

    def visit(self, element: Any) -> None:  # noqa: ANN401
        """Read an element with what it holds; its tail is the caller's."""
        if not isinstance(element.tag, str) or self._parts.is_boilerplate(element):
            return
        before = (self._aside, self._in_main)
        reason = self._aside or self._parts.aside(element)
        if reason != self._aside or element is self._main:
            self.flush()
            self._aside, self._in_main = reason, self._in_main or element is self._main
        self._read(element)
        if (self._aside, self._in_main) != before:
            self.flush()
            self._aside, self._in_main = before

    def flush(self) -> None:
        """End the running block."""
        text = squeeze(self._words)
        if text:
            self._add("text", text, self._at)
        self._words = ""

    def _read(self, element: Any) -> None:  # noqa: ANN401
        tag = element.tag
        if tag in _HEADINGS or tag in ("summary", "caption", "legend"):
            self.flush()
            if text := _text_of(element, self._parts):
                self._add("heading", text, line_of(element))
        elif tag == "table" and self._is_data(element):
            self.flush()
            self._read_table(element)
        elif tag == "dl":
            self.flush()
            self._read_definitions(element)
        elif tag == "fieldset":
            self.flush()
            self._read_choice(element)
        elif tag == "label" and self._names_select(element):
            return
        elif tag == "select":
            self._read_select(element)
        elif tag == "br":
            self.flush()
        elif tag == "img":
            self._read_image(element)
        elif pair := self._pair_of(element):
            self.flush()
            self._add_pair(*pair, line_of(element))
        elif tag in _INLINE:
            self.flow(element)
        else:
            self.flush()
            self.flow(element)
            self.flush()

    def flow(self, element: Any) -> None:  # noqa: ANN401
        """Read what an element holds."""
        self._say(element.text, element)
        for child in element:
            self.visit(child)
            if not child.tail or not child.tail.strip():
                self._part()
            self._say(child.tail, child)

    def _say(self, text: str | None, element: Any) -> None:  # noqa: ANN401
        if not text:
            return
        if not self._words.strip():
            self._at = line_of(element)
        if self._words.endswith("\0"):
            joined = _LETTER.match(text) or (
                _LETTER.match(self._words[-2:-1]) and text[:1].isdigit()
            )
            self._words = self._words[:-1] + (" " if joined and not text[:1].isspace() else "")
        self._words += text

    def _part(self) -> None:
        """Note where two elements meet: words of both are told apart, parts of a price not."""
        if self._words and not self._words[-1].isspace() and self._words[-1] != "\0":
            self._words += "\0" if not self._words[-1].isdigit() else ""

    def _add(self, kind: Literal["text", "heading"], text: str, line: int) -> None:
        self.blocks.append(Block(kind, line, text, aside=self._aside, in_main=self._in_main))

    def _add_pair(self, label: str, value: str, line: int) -> None:
        block = Block("pair", line, f"{label.rstrip(':： ')}: {value}", [label, value])
        block.aside, block.in_main = self._aside, self._in_main
        self.blocks.append(block)

    def _pair_of(self, element: Any) -> tuple[str, str] | None:  # noqa: ANN401
        """`<div><span>Weight</span><span>350 g</span></div>`: a name and its value, no more."""
        if element.tag not in ("li", "div", "p", "tr") or (element.text or "").strip():
            return None
        children = [child for child in element if isinstance(child.tag, str)]
        if len(children) != 2 or any((child.tail or "").strip() for child in children):
            return None
        for child in children:
            if child.tag in _HEADINGS or child.tag in ("img", "a", "ul", "table", "select", "form"):
                return None
            if self._parts.is_boilerplate(child) or any(
                True for _ in child.iter("a", "img", "br", "p", "li", "div") if _ is not child
            ):
                return None
        label, value = (_text_of(child, self._parts) for child in children)
        is_label = 0 < len(label) <= _LABEL and _LETTER.match(label) is not None
        return (label, value) if is_label and 0 < len(value) <= _VALUE else None

    def _is_data(self, table: Any) -> bool:  # noqa: ANN401
        """Cells in rows, and no layout of a page."""
        if table.get("role") == "presentation" or table.xpath(".//table|.//h1|.//h2|.//form"):
            return False
        cells = list(table.iter("td", "th"))
        longest = max((len(_text_of(cell, self._parts)) for cell in cells), default=0)
        rows = [len(row.xpath("./td|./th")) for row in table.iter("tr")]
        return bool(rows) and max(rows) > 1 and longest <= _CELL

    def _read_table(self, table: Any) -> None:  # noqa: ANN401
        self._tables += 1
        for caption in table.iter("caption"):
            self._read(caption)
        held: dict[int, tuple[int, str]] = {}
        rows: list[Block] = []
        heads: list[list[bool]] = []
        for row in table.iter("tr"):
            if self._parts.is_boilerplate(row):
                continue
            block = Block("row", line_of(row), "", table=self._tables)
            block.aside, block.in_main = self._aside, self._in_main
            heads.append(self._read_row(row, held, block))
            block.text = " | ".join(
                c for i, c in enumerate(block.cells) if c and i not in block.repeats
            )
            rows.append(block)
        paired = all(
            list(head) == [True, False] * (len(head) // 2) for head in heads if len(head) > 1
        ) and any(len(head) > 1 for head in heads)
        for block in rows:
            block.paired = paired
            if block.text:
                self.blocks.append(block)

    def _read_row(self, row: Any, held: dict[int, tuple[int, str]], block: Block) -> list[bool]:  # noqa: ANN401
        heads: list[bool] = []
        for cell in row.xpath("./td|./th"):
            self._take_held(held, block)
            text = _text_of(cell, self._parts)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for step in range(across):
                if step:
                    block.repeats.append(len(block.cells))
                if down > 1:
                    held[len(block.cells)] = (down - 1, text)
                block.cells.append(text)
            heads.append(cell.tag == "th")
        self._take_held(held, block)
        return heads

    def _take_held(self, held: dict[int, tuple[int, str]], block: Block) -> None:
        """Cells that reach down from a row above."""
        while (column := len(block.cells)) in held:
            left, text = held.pop(column)
            if left > 1:
                held[column] = (left - 1, text)
            block.cells.append(text)

    def _read_definitions(self, element: Any) -> None:  # noqa: ANN401
        label: tuple[str, int] | None = None
        for item in element.iter("dt", "dd"):
            if self._parts.is_boilerplate(item):
                continue
            text = _text_of(item, self._parts)
            if item.tag == "dt":
                label = (text, line_of(item))
            elif label and text and len(text) <= _VALUE and 0 < len(label[0]) <= 2 * _LABEL:
                self._add_pair(label[0], text, label[1])
            else:
                if label and label[0]:
                    self._add("heading", *label)
                    label = None
                self.flow(item)
                self.flush()

    def _read_choice(self, element: Any) -> None:  # noqa: ANN401
        """`Colour: Oat, Rust` of a group of buttons to choose one with."""
        legend = next(element.iter("legend"), None)
        title = "" if legend is None else _text_of(legend, self._parts)
        options = [_text_of(label, self._parts) for label in element.iter("label")]
        options = [option for option in dict.fromkeys(options) if option and option != title]
        if title and options and len(options) <= _MOST_OPTIONS:
            self._add_pair(title, ", ".join(options), line_of(element))
        else:
            self.flow(element)
            self.flush()

    def _read_select(self, element: Any) -> None:  # noqa: ANN401
        title = self._title_of(element)
        options = [
            text
            for option in element.iter("option")
            if option.get("disabled") is None
            and (text := squeeze("".join(option.itertext())))
            and not _PLACEHOLDER.fullmatch(text)
        ]
        if title and 0 < len(options) <= _MOST_OPTIONS:
            self.flush()
            self._add_pair(title, ", ".join(options), line_of(element))

    def _names_select(self, label: Any) -> bool:  # noqa: ANN401
        ident = label.get("for")
        return bool(ident and label.getroottree().xpath("//select[@id=$ident]", ident=ident))

    def _title_of(self, element: Any) -> str:  # noqa: ANN401
        if (ident := element.get("id")) and (
            labels := element.getroottree().xpath("//label[@for=$ident]", ident=ident)
        ):
            return _text_of(labels[0], self._parts)
        above = next((a for a in element.iterancestors("label")), None)
        if above is not None:
            return squeeze(above.text)
        return squeeze(element.get("aria-label"))

    def _read_image(self, element: Any) -> None:  # noqa: ANN401
        text = squeeze(element.get("alt"))
        speaks = len(text.split()) >= _SPEAKING_WORDS or len(_HAN.findall(text)) >= _SPEAKING_HAN
        if speaks and not any(True for _ in element.iterancestors("a")):
            self.flush()
            self._add("text", text, line_of(element))


def _text_of(element: Any, parts: Parts) -> str:  # noqa: ANN401
    """The visible text of an element, words of neighbouring elements told apart."""
    walking = _Walk(parts, None)
    walking.flow(element)
    walking.flush()
    return " ".join(block.text for block in walking.blocks)


def _span(cell: Any, name: str) -> int:  # noqa: ANN401
    value = (cell.get(name) or "1").strip()
    return min(_MOST_SPAN, max(1, int(value))) if value.isdecimal() and len(value) < 6 else 1
