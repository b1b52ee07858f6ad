"""Tables that cross two things: goods set side by side, and stock by colour and size."""

import re
from collections.abc import Iterable, Mapping, Sequence

from domain.evidence import Passage
from domain.extraction import ExtractedFact
from tools.extraction.facts import make_fact
from tools.extraction.labels import Label, names_property, read_label
from tools.extraction.sentences import Sentence
from tools.extraction.variants import is_size, read_stock

_NAMELESS = re.compile(r"column \d+|\s*")
_FEWEST_COLUMNS = 3
_KNOWN = 0.25
_NOTHING = re.compile(r"[\s—–\-/\\]*|无|n/?a", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")


def compares_goods(rows: Sequence[Passage], meanings: Mapping[str, Label]) -> bool:
    """Whether each column but the first is one of the goods, and each row a property of theirs.

    No heading but the first is a known one, and some labels in the first column are.
    """
    first, *others = meanings
    if len(others) + 1 < _FEWEST_COLUMNS or any(meanings[h].field is not None for h in others):
        return False
    if any(_NAMELESS.fullmatch(h) or not _LETTERS.search(h) for h in others):
        return False
    if meanings[first].field not in (None, "note", "variant"):
        return False
    labels = [(row.cells or {}).get(first, "") for row in rows]
    known = sum(read_label(label).field is not None or names_property(label) for label in labels)
    return len(set(labels)) == len(labels) and known >= max(1.0, _KNOWN * len(labels))


def read_comparison(
    rows: Sequence[Passage], meanings: Mapping[str, Label]
) -> tuple[list[ExtractedFact], list[tuple[Sentence, str | None]]]:
    """The names of the goods compared, and what each cell says of them, with its row's label."""
    first, *others = meanings
    facts = [
        make_fact("name", name, row.evidence(), origin="table", product=name)
        for name in others
        for row in rows[:1]
    ]
    remarks: list[tuple[Sentence, str | None]] = []
    for row in rows:
        label = (row.cells or {}).get(first, "").strip()
        for name in others:
            cell = (row.cells or {}).get(name, "").strip()
            if label and cell and not _NOTHING.fullmatch(cell):
                remarks.append((Sentence(row, cell, label, read_label(label)), name))
    return facts, remarks


def is_stock_matrix(rows: Sequence[Passage], meanings: Mapping[str, Label]) -> bool:
    """Whether the columns are sizes and the cells counts of a colour each (`Navy | 9 | 22`)."""
    first, *sizes = meanings
    return (
        len(sizes) >= _FEWEST_COLUMNS - 1
        and all(is_size(size) for size in sizes)
        and meanings[first].field in (None, "note", "variant", "colours")
        and all(
            read_stock(cell) is not None
            for row in rows
            for heading, cell in (row.cells or {}).items()
            if heading != first
        )
    )


def read_stock_matrix(
    rows: Sequence[Passage], meanings: Mapping[str, Label], product: str | None
) -> Iterable[ExtractedFact]:
    """Colours, sizes, and the stock of each pair of them."""
    first, *sizes = meanings
    for row in rows:
        colour = (row.cells or {}).get(first, "").strip()
        if not colour:
            continue
        evidence = row.evidence()
        yield make_fact("colours", colour, evidence, origin="table", product=product)
        for size in sizes:
            count = read_stock((row.cells or {}).get(size, ""))
            if count is None:
                continue
            yield make_fact("sizes", size, evidence, origin="table", product=product)
            yield make_fact(
                "stock",
                str(count),
                evidence,
                origin="table",
                key=f"{colour} {size}",
                product=product,
            )
