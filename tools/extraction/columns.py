"""Rows of a price list: each cell by what its column's heading stands for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from domain.evidence import Passage
from domain.extraction import ExtractedFact, FactField
from domain.product import plain_number
from tools.extraction.facts import UNSURE, make_fact
from tools.extraction.labels import Label, read_label
from tools.extraction.prices import is_money, read_amount
from tools.extraction.properties import split_points
from tools.extraction.sentences import Sentence
from tools.extraction.variants import read_stock

_MOST_LABELS = 0.5
_PROPERTY_COLUMNS = ("property", "value")
_PRICES: dict[str, FactField] = {
    "list_price": "list_price",
    "live_price": "live_price",
    "price": "list_price",
}


def read_tables(passages: Sequence[Passage]) -> tuple[list[ExtractedFact], list[Sentence]]:
    """What the table rows among `passages` say.

    A row of a price list gives facts, each naming the goods of its row. A table of two columns,
    property and value, gives labelled sentences, to be read like any other.
    """
    tables: defaultdict[tuple[str, tuple[str, ...]], list[Passage]] = defaultdict(list)
    for passage in passages:
        if passage.cells:
            tables[passage.source_id, _shape(passage)].append(passage)
    facts: list[ExtractedFact] = []
    sentences: list[Sentence] = []
    for rows in tables.values():
        if _lists_properties(rows):
            for row in rows:
                label, value = list((row.cells or {}).values())
                sentences.append(Sentence(row, value, label, read_label(label)))
        else:
            facts += _read_table(rows)
    return facts, sentences


def _shape(passage: Passage) -> tuple[str, ...]:
    """What tells the tables of one Markdown text apart; a CSV file is one table."""
    return tuple(passage.cells or ()) if passage.kind == "text" else ()


def _lists_properties(rows: Sequence[Passage]) -> bool:
    """True for a table of two columns whose first one holds names of properties."""
    if any(len(row.cells or {}) != len(_PROPERTY_COLUMNS) for row in rows):
        return False
    if read_label(list(rows[0].cells or {})[1]).field not in (None, "note"):
        return False
    labels = [next(iter((row.cells or {}).values())) for row in rows]
    known = sum(read_label(label).field is not None for label in labels)
    return len(set(labels)) == len(labels) and known >= _MOST_LABELS * len(labels)


def _read_table(rows: Sequence[Passage]) -> list[ExtractedFact]:
    headings = dict.fromkeys(heading for row in rows for heading in row.cells or {})
    meanings = {heading: read_label(heading) for heading in headings}
    if not any(meaning.field == "name" for meaning in meanings.values()):
        _take_first_as_name(meanings, rows)
    by_name: defaultdict[str, list[Passage]] = defaultdict(list)
    for row in rows:
        by_name[_cell(row, meanings, "name") or ""].append(row)
    return [
        fact
        for name, same in by_name.items()
        for row in same
        for fact in _read_row(row, meanings, name or None, _varying(same, meanings))
    ]


def _take_first_as_name(meanings: dict[str, Label], rows: Sequence[Passage]) -> None:
    """Without a column called so, the first one of unknown meaning that holds words names."""
    for heading, meaning in meanings.items():
        cells = [row.cells.get(heading, "") for row in rows if row.cells]
        if meaning.field is None and all(re.search(r"[^\W\d_]{2}", cell) for cell in cells):
            meanings[heading] = Label("name")
            return


def _cell(row: Passage, meanings: dict[str, Label], *fields: str) -> str | None:
    cells = [
        cell
        for field in fields
        for heading, cell in (row.cells or {}).items()
        if meanings[heading].field == field
    ]
    return " ".join(cells) or None


def _varying(rows: Sequence[Passage], meanings: dict[str, Label]) -> frozenset[str]:
    """The property columns that differ between the variants of one product."""
    return frozenset(
        heading
        for heading, meaning in meanings.items()
        if meaning.field in (None, "sku")
        and len({(row.cells or {}).get(heading) for row in rows}) > 1
    )


def _read_row(
    row: Passage, meanings: dict[str, Label], name: str | None, varying: frozenset[str]
) -> Iterable[ExtractedFact]:
    variant = _cell(row, meanings, "variant") or _cell(row, meanings, "colours", "sizes")
    evidence = row.evidence()

    def fact(
        field: FactField, value: str, *, key: str | None = None, confidence: float = 1.0
    ) -> ExtractedFact:
        return make_fact(
            field, value, evidence, origin="table", key=key, product=name, confidence=confidence
        )

    currency = _cell(row, meanings, "currency")
    has_list = _cell(row, meanings, "list_price") is not None
    for heading, cell in (row.cells or {}).items():
        meaning = meanings[heading]
        match meaning.field:
            case "name" | "brand" | "category" | "audience" | "shipping" as field:
                yield fact(field, cell)
            case "list_price" | "live_price" | "price" as field:
                amount = read_amount(cell)
                if amount is None or amount.value <= 0 or (field == "price" and has_list):
                    continue
                confidence = UNSURE if field == "price" else 1.0
                yield fact(_PRICES[field], plain_number(float(amount.value)), confidence=confidence)
                stated = (amount.dimension or "").partition(":")[2] if is_money(amount) else None
                code = stated or meaning.currency or (currency and read_label(currency).currency)
                if code:
                    yield fact("currency", code)
            case "colours" | "sizes" as field:
                yield fact(field, cell)
            case "stock":
                count = read_stock(cell)
                if count is not None:
                    yield fact(
                        "stock", str(count), key=variant or _cell(row, meanings, "sku") or name
                    )
            case "selling_points":
                for point in split_points(cell):
                    yield fact("selling_points", point)
            case (
                "promotion" | "materials" | "ingredients" | "usage" | "certifications"
                | "returns_warranty" | "warnings" as field
            ):  # fmt: skip
                yield fact(field, cell)
            case "note" | "currency" | "variant":
                continue
            case None | "sku" | "specs":
                if heading not in varying:
                    yield fact("specs", cell, key=heading)
                elif variant and meaning.field is None:
                    yield fact("specs", cell, key=f"{heading} {variant}")
