"""Rows of a price list: each cell by what its column's heading stands for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.evidence import Evidence, Passage
from domain.extraction import ExtractedFact, FactField
from domain.language import detect_language
from domain.product import plain_number
from domain.quantities import find_quantities
from tools.extraction.column_roles import PRICES, Meanings, cell_of, read_meanings
from tools.extraction.crosstabs import (
    compares_goods,
    is_stock_matrix,
    read_comparison,
    read_stock_matrix,
)
from tools.extraction.cutting import cut_sentences
from tools.extraction.facts import UNSURE, make_fact
from tools.extraction.labels import currency_of, read_label
from tools.extraction.prices import DEAREST, IMPLIED_CURRENCY, is_money, read_amount
from tools.extraction.properties import names_material, split_points
from tools.extraction.sentences import Sentence
from tools.extraction.variants import choices_of, is_dimension, read_stock

_MOST_LABELS = 0.5
_NAMELESS = re.compile(r"column \d+|\s*")
_EMPTY = frozenset({"无", "暂无", "-", "–", "—", "/", "none", "n/a", "na", "nil", "\\", "x"})
_CURRENCY = re.compile(
    r"\b(?P<code>USD|EUR|GBP|CNY|RMB|HKD|AUD|CAD|JPY|SGD)\b|单位[:：]\s*(?:人民币)?元|人民币|价格?.{0,4}[(（]元[)）]"
)
_MADE_OF = r"made of|material|fabric|composition|材质|面料|材料"
_DIMENSION = re.compile(
    r"\d[\d.]*(?:\s?[a-z]{1,3})?(?:\s?[x×*]\s?\d[\d.]*(?:\s?[a-z]{1,3})?)+", re.I
)
_RATED = re.compile(r"([A-Z]{2,5})\s?(\d[\d.]*)")
_PARTS = re.compile(r"[;；,，、]|\.\s")
_PROPERTY_COLUMNS = ("property", "value")


@dataclass(frozen=True, slots=True)
class Tables:
    """What table rows say: facts of price lists, labelled sentences, and remarks.

    A remark is a sentence with the name of the goods of its row.
    """

    facts: list[ExtractedFact]
    sentences: list[Sentence]
    remarks: list[tuple[Sentence, str | None]]


def read_tables(passages: Sequence[Passage]) -> Tables:
    """What the table rows among `passages` say.

    A row of a price list gives facts, each naming the goods of its row. A table of two columns,
    property and value, gives labelled sentences, to be read like any other.
    """
    tables: defaultdict[object, list[Passage]] = defaultdict(list)
    for passage in passages:
        if passage.cells:
            tables[passage.source_id, passage.table, _shape(passage)].append(passage)
    found = Tables([], [], [])
    codes, meanings = read_meanings(tables)
    named: dict[str | None, str | None] = {}
    for key, rows in tables.items():
        stated = _stated_currency(passages, rows[0])
        if _lists_properties(rows):
            for row in rows:
                label, value = list((row.cells or {}).values())
                found.sentences.append(Sentence(row, value, label, read_label(label)))
        else:
            before = len(found.facts)
            sheet = rows[0].locator.sheet
            _read_table(rows, found, stated, codes, meanings[key], above=named.get(sheet))
            fresh = [f.product for f in found.facts[before:] if f.field == "name"]
            if len(set(fresh)) == 1:
                named[sheet] = fresh[0]
    return found


def _shape(passage: Passage) -> tuple[str, ...]:
    """What tells tables apart that their reader has not numbered."""
    return tuple(passage.cells or ()) if passage.table is None else ()


def _lists_properties(rows: Sequence[Passage]) -> bool:
    """True for a table of two columns whose first one holds names of properties."""
    if any(len(row.cells or {}) != len(_PROPERTY_COLUMNS) for row in rows):
        return False
    if read_label(list(rows[0].cells or {})[1]).field not in (None, "note"):
        return False
    if tuple(rows[0].cells or ()) == _PROPERTY_COLUMNS:
        return True
    labels = [next(iter((row.cells or {}).values())) for row in rows]
    known = sum(read_label(label).field is not None for label in labels)
    return len(set(labels)) == len(labels) and known >= _MOST_LABELS * len(labels)


def _stated_currency(
    passages: Sequence[Passage], first: Passage
) -> tuple[str, Evidence, float] | None:
    """The currency that a remark beside a table states, else the one that Chinese implies."""
    remarks = [p for p in passages if p.cells is None and p.source_id == first.source_id]
    for remark in remarks if first.kind != "text" else ():
        match = _CURRENCY.search(remark.text)
        code = currency_of(match["code"] or "元") if match else None
        if code is not None:
            return code, remark.evidence(), 1.0
    if detect_language(" ".join([*(first.cells or {}), first.text])) == "zh":
        return IMPLIED_CURRENCY, first.evidence(), UNSURE
    return None


def _read_table(
    rows: Sequence[Passage],
    found: Tables,
    stated: tuple[str, Evidence, float] | None,
    codes: Mapping[str, str],
    meanings: Meanings,
    *,
    above: str | None,
) -> None:
    headings = list(meanings)
    if compares_goods(rows, meanings):
        facts, remarks = read_comparison(rows, meanings)
        found.facts.extend(facts)
        found.remarks.extend(remarks)
        return
    if is_stock_matrix(rows, meanings):
        found.facts.extend(read_stock_matrix(rows, meanings, above))
        return
    if all(_NAMELESS.fullmatch(heading) for heading in headings) and not _has_amounts(rows):
        return
    choices = choices_of(cell_of(row, meanings, "variant") or "" for row in rows)
    by_name: defaultdict[str, list[Passage]] = defaultdict(list)
    for row in rows:
        name = cell_of(row, meanings, "name") or codes.get(cell_of(row, meanings, "sku") or "")
        by_name[name or ""].append(row)
    for name, same in by_name.items():
        varying = _varying(same, meanings)
        cheapest = {heading: _cheapest(same, heading) for heading in varying}
        goods = _Goods(name or None, meanings, varying, cheapest, stated, choices, len(same) > 1)
        for row in same:
            found.facts.extend(_read_row(row, goods))
            for heading, cell in (row.cells or {}).items():
                if meanings[heading].field == "note" and _is_remark(heading):
                    found.remarks.extend(
                        (Sentence(row, part), name or None) for part in cut_sentences(cell)
                    )


def _is_remark(heading: str) -> bool:
    """A column of remarks, which may say anything, and not one of dates or links."""
    return re.search(r"remark|note|comment|备注|说明|备 ?注", heading, re.IGNORECASE) is not None


def _materials(cell: str) -> Iterable[str]:
    """The parts of a mixed cell that name what the goods are made of."""
    parts = (part.strip() for part in _PARTS.split(cell))
    return (part for part in parts if part and names_material(part))


def _measures(cell: str) -> Iterable[tuple[str, str]]:
    """The parts of a remark that are nothing but a measure (`47 x 47 in`, `TOG 1.0`)."""
    for part in (part.strip() for part in _PARTS.split(cell)):
        if is_dimension(part) and _DIMENSION.fullmatch(part):
            yield "size", part
        elif match := _RATED.fullmatch(part):
            yield match[1], match[2]


def _has_amounts(rows: Sequence[Passage]) -> bool:
    """Whether cells without a heading hold money, as a list without one does."""
    return any(
        is_money(quantity)
        for row in rows
        for cell in (row.cells or {}).values()
        for quantity in find_quantities(cell)
    )


def _cheapest(rows: Sequence[Passage], heading: str) -> str | None:
    """The cell of the lowest amount in a column."""
    cells = [(row.cells or {}).get(heading, "") for row in rows]
    amounts = [(amount.value, cell) for cell in cells if cell and (amount := read_amount(cell))]
    return min(amounts, default=(None, None))[1]


def _varying(rows: Sequence[Passage], meanings: Meanings) -> frozenset[str]:
    """The property columns that differ between the variants of one product."""
    return frozenset(
        heading
        for heading, meaning in meanings.items()
        if meaning.field in (None, "sku", *PRICES)
        and len({(row.cells or {}).get(heading) for row in rows}) > 1
    )


@dataclass(frozen=True, slots=True)
class _Goods:
    """What all rows of the same goods share: the columns, and which of them tell variants apart."""

    name: str | None
    meanings: Meanings
    varying: frozenset[str]
    cheapest: Mapping[str, str | None]
    stated: tuple[str, Evidence, float] | None
    choices: Mapping[str, FactField]
    several: bool


def _read_row(row: Passage, goods: _Goods) -> Iterable[ExtractedFact]:
    name, meanings, varying = goods.name, goods.meanings, goods.varying
    variant = cell_of(row, meanings, "variant", "colours", "sizes")
    evidence = row.evidence()

    def fact(
        field: FactField, value: str, *, key: str | None = None, confidence: float = 1.0
    ) -> ExtractedFact:
        return make_fact(
            field, value, evidence, origin="table", key=key, product=name, confidence=confidence
        )

    currency = cell_of(row, meanings, "currency")
    has_list = cell_of(row, meanings, "list_price") is not None
    for heading, cell in (row.cells or {}).items():
        meaning = meanings[heading]
        if cell.strip().casefold() in _EMPTY and meaning.field != "stock":
            continue
        match meaning.field:
            case "name" | "brand" | "category" | "audience" | "shipping" as field:
                yield fact(field, cell)
            case "list_price" | "live_price" | "price" as field:
                amount = read_amount(cell)
                if (
                    amount is None
                    or not 0 < amount.value < DEAREST
                    or (field == "price" and has_list)
                ):
                    continue
                if heading in varying and variant:
                    yield fact("specs", cell, key=f"{heading} {variant}")
                    if cell != goods.cheapest[heading]:
                        continue
                confidence = UNSURE if field == "price" else 1.0
                yield fact(PRICES[field], plain_number(float(amount.value)), confidence=confidence)
                own = (amount.dimension or "").partition(":")[2] if is_money(amount) else None
                code = own or meaning.currency or (currency and read_label(currency).currency)
                if code:
                    yield fact("currency", code)
                elif goods.stated:
                    code, place, sure = goods.stated
                    yield make_fact(
                        "currency", code, place, origin="table", product=name, confidence=sure
                    )
            case "colours" | "sizes" as field:
                yield fact(field, cell)
            case "stock":
                count = read_stock(cell)
                if count is not None:
                    sku = cell_of(row, meanings, "sku") if goods.several else None
                    yield fact("stock", str(count), key=variant or sku or name)
            case "selling_points":
                for point in split_points(cell):
                    yield fact("selling_points", point)
            case (
                "promotion" | "materials" | "ingredients" | "usage" | "certifications"
                | "returns_warranty" | "warnings" as field
            ):  # fmt: skip
                yield fact(field, cell)
            case "variant":
                if field := goods.choices.get(cell):
                    yield fact(field, cell)
            case "note" if _is_remark(heading):
                yield from (fact("specs", part, key=key) for key, part in _measures(cell))
                if re.search(_MADE_OF, heading, re.IGNORECASE):
                    yield from (fact("materials", part) for part in _materials(cell))
            case "note" | "currency":
                if re.search(_MADE_OF, heading, re.IGNORECASE):
                    yield from (fact("materials", part) for part in _materials(cell))
            case None | "sku" | "specs":
                if _NAMELESS.fullmatch(heading) or (meaning.field == "sku" and cell.isdecimal()):
                    continue
                if heading not in varying:
                    yield fact("specs", cell, key=heading)
                elif variant and meaning.field is None:
                    yield fact("specs", cell, key=f"{heading} {variant}")
