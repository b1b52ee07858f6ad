"""What the columns of a table stand for, told from their headings and their cells."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from domain.evidence import Passage
from domain.extraction import FactField
from tools.extraction.crosstabs import compares_goods, is_stock_matrix
from tools.extraction.labels import Label, read_heading

Meanings = dict[str, Label]

_TOLD = ("variant", "colours", "sizes", "list_price", "live_price", "price", "stock")
_CODE = re.compile(r"(?=.*\d)[A-Za-z]{0,4}[-\d][\w.-]*|[A-Za-z]\d{1,3}")
_WORDED = re.compile(r"[^\W\d_]{2}|[\u3400-\u9fff]")
_STYLE = re.compile(r"style|model|款", re.IGNORECASE)
_NAME_COLUMNS = 3
_SEVERAL = 2
_COUNTRY = re.compile(r"\b(?:US|CA|UK|EU|AU|CN|JP|DE|FR)\b")
PRICES: dict[str, FactField] = {
    "list_price": "list_price",
    "live_price": "live_price",
    "price": "list_price",
}
"""What is stored of a price column; one that does not say which is a list price."""


def read_meanings(
    tables: Mapping[object, Sequence[Passage]],
) -> tuple[dict[str, str], dict[object, Meanings]]:
    """The goods that tables name beside their code, and what the columns of each stand for.

    A table that gives codes only, of goods that another one names, needs no names of its own.
    """
    names: dict[str, str] = {}
    meanings: dict[object, Meanings] = {}
    for key, rows in tables.items():
        headings = meanings[key] = _meanings_of(rows, names)
        for row in rows:
            code, name = cell_of(row, headings, "sku"), cell_of(row, headings, "name")
            if code and name:
                names.setdefault(code, name)
    return names, meanings


def _meanings_of(rows: Sequence[Passage], codes: Mapping[str, str]) -> Meanings:
    """What the columns of a table stand for; a column without a name may hold known codes."""
    headings = dict.fromkeys(heading for row in rows for heading in row.cells or {})
    meanings = {heading: read_heading(heading) for heading in headings}
    named = [heading for heading, meaning in meanings.items() if meaning.field == "name"]
    for heading in sorted(named, key=lambda heading: -_wordiness(rows, heading))[1:]:
        meanings[heading] = Label("sku")  # an `Item` beside a `Product` holds codes
    for heading in headings:
        cells = [(row.cells or {}).get(heading, "") for row in rows]
        if meanings[heading].field in (None, "name") and all(cell in codes for cell in cells):
            meanings[heading] = Label("sku")
    _keep_one_currency(meanings)
    has_name = any(meaning.field == "name" for meaning in meanings.values())
    if not has_name and any(m.field in ("colours", "sizes") for m in meanings.values()):
        style = next((h for h, m in meanings.items() if m.field == "variant"), None)
        if style is not None and _STYLE.search(style):
            meanings[style], has_name = Label("name"), True
    coded = any(codes.get(cell_of(row, meanings, "sku") or "") for row in rows)
    if (
        not has_name
        and not coded
        and not compares_goods(rows, meanings)
        and not is_stock_matrix(rows, meanings)
    ):
        _take_first_as_name(meanings, rows)
    _mark_variants(meanings, rows)
    return meanings


def _mark_variants(meanings: Meanings, rows: Sequence[Passage]) -> None:
    """Unknown columns of words that alone tell rows of the same name and prices apart."""
    names = [heading for heading, meaning in meanings.items() if meaning.field == "name"]
    priced = any(meaning.field in PRICES for meaning in meanings.values())
    if not names or not priced:
        return
    for heading, meaning in meanings.items():
        if (
            meaning.field is None
            and _is_worded(rows, heading)
            and _tells_variants(rows, meanings, [*names, heading])
        ):
            meanings[heading] = Label("variant")


def _take_first_as_name(meanings: Meanings, rows: Sequence[Passage]) -> None:
    """Without a column called so, the first ones that hold words name the goods together.

    They stand before the columns of variants, prices and stock; the last of them is one of
    variants where it alone tells rows of equal prices apart.
    """
    lead: list[str] = []
    for heading, meaning in meanings.items():
        if meaning.field in _TOLD and lead:
            break
        words = _is_worded(rows, heading) or (lead and _is_coded(rows, heading))
        if meaning.field in (None, "category") and words:
            lead.append(heading)
        elif lead:
            break
    worded = [heading for heading in lead if not _is_coded(rows, heading)]
    if worded and _is_coded(rows, lead[0]):
        lead = worded  # a code beside words is none of the name
    if len(lead) > 1 and _tells_variants(rows, meanings, lead):
        meanings[lead.pop()] = Label("variant")
    for heading in lead[:_NAME_COLUMNS]:
        meanings[heading] = Label("name")


def _keep_one_currency(meanings: Meanings) -> None:
    """Of prices in several currencies or countries those of the live price count."""
    priced = [(h, m.field) for h, m in meanings.items() if m.field in PRICES]
    tags = {heading: _tag_of(heading, meanings[heading]) for heading, _ in priced}
    first = next((h for h, field in priced if field == "live_price"), None)
    first = first or next((heading for heading, _ in priced), None)
    wanted = tags.get(first or "")
    if wanted is None or len(set(tags.values())) < _SEVERAL:
        return
    for heading, _ in priced:
        if tags[heading] not in (wanted, None):
            meanings[heading] = Label("note")


def _tag_of(heading: str, meaning: Label) -> str | None:
    """The currency or the country of a price's heading."""
    country = _COUNTRY.search(heading)
    return meaning.currency or (country.group() if country else None)


def _is_coded(rows: Sequence[Passage], heading: str) -> bool:
    cells = _filled(rows, heading)
    return bool(cells) and all(_CODE.fullmatch(cell) for cell in cells)


def _is_worded(rows: Sequence[Passage], heading: str) -> bool:
    cells = _filled(rows, heading)
    return bool(cells) and all(_WORDED.search(cell) for cell in cells)


def _filled(rows: Sequence[Passage], heading: str) -> list[str]:
    return [cell for row in rows if (cell := (row.cells or {}).get(heading, ""))]


def _tells_variants(
    rows: Sequence[Passage], meanings: Mapping[str, Label], lead: Sequence[str]
) -> bool:
    """Whether the last of `lead` differs between rows that are else the same goods and price."""
    *before, last = lead
    prices = [h for h, meaning in meanings.items() if meaning.field in PRICES]
    seen: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        cells = row.cells or {}
        seen[tuple(cells.get(h, "") for h in (*before, *prices))].add(cells.get(last, ""))
    return any(len(values) > 1 for values in seen.values())


def _wordiness(rows: Sequence[Passage], heading: str) -> int:
    """How many letters beside codes a column's cells hold."""
    cells = " ".join((row.cells or {}).get(heading, "") for row in rows)
    return len(re.findall(r"[a-z\u3400-\u9fff]", re.sub(r"\S*\d\S*", "", cells)))


def cell_of(row: Passage, meanings: Meanings, *fields: str) -> str | None:
    """What the columns of these fields say in a row, once each and in the fields' order."""
    cells = [
        cell
        for field in fields
        for heading, cell in (row.cells or {}).items()
        if meanings[heading].field == field
    ]
    told = [cell for i, cell in enumerate(cells) if not any(cell in c for c in cells[:i])]
    return " ".join(told) or None
