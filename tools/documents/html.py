"""Web pages: what they say of their goods, without what belongs to the site."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput, LimitExceeded
from domain.evidence import OTHER_GOODS, REVIEW, Locator, Passage, Source
from tools.documents.grids import PROPERTY, VALUE, read_grid
from tools.documents.headings import GridRow, is_known
from tools.documents.reading import ReadContext, make_passage
from tools.encodings import declared_encoding, find_encoding
from tools.isolation import run_isolated
from tools.quotes import fold_text

_TASK = "tools.foreign.pages:read_page"
_HEAD = 4096
_REVIEWER = re.compile(
    r"(?:[^\s*:：]{0,4}\*{1,5}[^\s*:：]{0,4}(?:\s*[★☆]+|\s*[:：])|\S{1,12}\s+[★☆]{2,5})\s*"
)

Block = dict[str, Any]


def read_html(source: Source, path: Path, context: ReadContext) -> list[Passage]:
    """The passages of a saved web page, in its order, each with the line that it begins at.

    Kept are the title, the description, headings, paragraphs, list items, rows of tables with
    their cells, pairs of property and value, choices (`Colour: Oat, Rust`), alternative texts of
    pictures that say something, and what the page declares as schema.org Product. Adverts for
    other goods and customers' reviews are marked (`Passage.aside`); navigation, headers, footers,
    dialogs, hidden parts and forms of the site are dropped. Rules over the structure tell them
    apart; trafilatura's judgement of the main content decides on what stands outside the main
    part. The page is parsed in a process of its own, without network and entities of its own.

    Raises InvalidInput for a page without readable text, LimitExceeded by `limits.source_chars`
    (of what is kept), and what `run_isolated` raises.
    """
    text = decode_page(path.read_bytes(), source.file)
    with tempfile.TemporaryDirectory(prefix="livecue-page-") as folder:
        copy = Path(folder) / "page"
        copy.write_text(text, encoding="utf-8", errors="replace")
        found = run_isolated(
            _TASK,
            {"text": str(copy), "file": source.file},
            file=source.file,
            limits=context.limits,
            cancelled=context.cancelled,
        )
    passages = list(_read(source, found["blocks"], found["products"]))
    size = sum(len(passage.text) for passage in passages)
    if size > context.limits.source_chars:
        raise LimitExceeded(
            f"{source.file} has {size:,} characters; {context.limits.source_chars:,} are read.",
            hint="Split it, or raise LIVECUE_LIMITS__SOURCE_CHARS.",
            details={"file": source.file},
        )
    if not passages:
        raise InvalidInput(
            f"{source.file} holds no readable text: its page may be built by scripts.",
            hint="Save the page from the browser once it is shown, or its text to a .txt file.",
            details={"file": source.file},
        )
    return passages


def decode_page(data: bytes, file: str) -> str:
    """The text of a web page: by its mark, else as it declares, else as its bytes tell.

    Bytes that do not fit the declared encoding are shown as U+FFFD, as a browser does. Raises
    InvalidInput where nothing tells the encoding.
    """
    encoding = find_encoding(data)
    if encoding not in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        encoding = declared_encoding(data[:_HEAD]) or encoding
    if encoding is None:
        raise InvalidInput(
            f"{file} is in an encoding that cannot be told safely.",
            hint="Save the page anew in a browser.",
            details={"file": file},
        )
    return data.decode(encoding, errors="replace").removeprefix("\ufeff").replace("\x00", "")


def _read(source: Source, blocks: list[Block], products: list[Block]) -> Iterator[Passage]:
    head = [block for block in blocks if block["of_head"]]
    tables = _Tables(source)
    _mark_reviews(blocks)
    body = blocks[len(head) :]
    title = next((b["text"] for b in body if b["kind"] == "heading" and not b["aside"]), "")
    yield from tables.read(head)
    yield from _declared(source, products, title, tables)
    yield from tables.read(body)


def _mark_reviews(blocks: list[Block]) -> None:
    """Set aside what masked names and stars sign, and the text below a line of only these."""
    signed = False
    for block in blocks:
        match = _REVIEWER.match(block["text"])
        if match or (signed and block["kind"] != "heading"):
            block["aside"] = block["aside"] or REVIEW
        signed = match is not None and match.end() == len(block["text"])


class _Tables:
    """Blocks into passages, the tables of the page counted."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._count = 0

    def next(self) -> int:
        """The number of a new table."""
        self._count += 1
        return self._count

    def read(self, blocks: Sequence[Block]) -> Iterator[Passage]:
        """A passage for each block."""
        for (kind, _, _), group in groupby(
            blocks, key=lambda block: (block["kind"], block["table"], block["aside"])
        ):
            run = list(group)
            if kind == "row":
                yield from self._rows(run)
            elif kind == "pair":
                yield from self._pairs(run)
            else:
                for block in run:
                    place = Locator(line=block["line"])
                    is_heading = kind == "heading"
                    yield make_passage(
                        self._source,
                        block["text"],
                        place,
                        heading=is_heading,
                        aside=block["aside"],
                    )

    def _rows(self, run: list[Block]) -> Iterator[Passage]:
        rows = [
            GridRow(index, tuple(block["cells"]), frozenset(block["repeats"]))
            for index, block in enumerate(run)
        ]
        parts = read_grid(rows, paired=all(block["paired"] for block in run))
        numbers: dict[int, int] = {}
        for part in parts:
            if part.table and part.table not in numbers:
                numbers[part.table] = self.next()
            yield make_passage(
                self._source,
                part.text,
                Locator(line=run[part.number]["line"]),
                cells=part.cells,
                table=numbers[part.table] if part.table else None,
                heading=part.role == "title",
                aside=run[part.number]["aside"],
            )

    def _pairs(self, run: list[Block]) -> Iterator[Passage]:
        """Neighbours of which one holds a known property are a table of properties."""
        known = any(is_known(block["cells"][0]) for block in run)
        number = self.next() if known else None
        for block in run:
            label, value = block["cells"]
            cells = {PROPERTY: label.rstrip(":： "), VALUE: value} if known else None
            yield make_passage(
                self._source,
                block["text"],
                Locator(line=block["line"]),
                cells=cells,
                table=number,
                aside=block["aside"],
            )


def _declared(
    source: Source, products: list[Block], title: str, tables: _Tables
) -> Iterator[Passage]:
    """Rows of what the page declares; goods of another name than the page's are set aside."""
    names = [str(product["cells"].get("Product", "")) for product in products]
    own = next((name for name in names if _names(title, name)), names[0] if names else "")
    number = tables.next() if products else None
    for product, name in zip(products, names, strict=True):
        aside = None if name == own else OTHER_GOODS
        place = Locator(line=product["line"])
        text = "; ".join(f"{heading}: {value}" for heading, value in product["cells"].items())
        yield make_passage(source, text, place, cells=product["cells"], table=number, aside=aside)
        if product["description"] and aside is None:
            yield make_passage(source, product["description"], place)


def _names(title: str, name: str) -> bool:
    return bool(name) and (
        fold_text(name) in fold_text(title) or fold_text(title) in fold_text(name)
    )
