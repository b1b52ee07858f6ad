"""Colours, sizes and what of them is there."""

import re
from collections.abc import Iterator, Sequence

from domain.lexicon import broader_concepts
from domain.numerals import parse_han
from domain.product import ProductRecord
from domain.quantities import same_quantity
from tools.contradictions.statements import (
    WORDS,
    Stated,
    amounts_in,
    is_denied,
    quantities_in,
    says,
    terms_in,
)
from tools.host_speech import Clause, find_first

STOCK = "stock"
_NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ]
    )
} | {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "eighty": 80,
    "a hundred": 100,
}
_LISTED = re.compile(
    r"(?:\b(?:in|and|or|also|plus|colou?rs?|then)\b(?: (?:a|also|even))?"
    r"|[、和跟有，,]|还有|或者?|款|是|^)\s*$"
)
"""What stands right before a colour or size that is one of a list."""


def read_variants(clauses: Sequence[Clause], record: ProductRecord) -> Iterator[Stated]:
    """Which colours and sizes clauses say there are, how many, and what of them is left."""
    offers = shows = False
    sentence = named = ""
    for clause in clauses:
        if clause.sentence != sentence:
            sentence, offers, shows, named = clause.sentence, False, False, ""
        offers = offers or says("availability", clause.text)
        shows = shows or says("colour_availability", clause.text)
        if not clause.holds:
            continue
        yield from _counts(clause, record)
        if not says("gone_short", clause.text):
            if shows:
                yield from _colours(clause, record)
            if offers:
                yield from _sizes(clause, record)
        yield from _stock(clause, named, record)
        if named_variants(clause.text, record):
            named = clause.text


def named_variants(text: str, record: ProductRecord) -> list[str]:
    """The variants of the record's stock that a text speaks of: all that hold what it names."""
    listed = [*record.variants.colours, *record.variants.sizes]
    named = [one for one in listed if _holds(text, one)]
    if not named:
        return []
    groups = [
        [n for n in named if n in group]
        for group in (record.variants.colours, record.variants.sizes)
    ]
    return [
        variant
        for variant in record.variants.stock
        if all(any(_holds(variant.lower(), n) for n in group) for group in groups if group)
    ]


def _counts(clause: Clause, record: ProductRecord) -> Iterator[Stated]:
    if says("only_some", clause.text):
        return
    for kind, listed, field in (
        ("colour_count", record.variants.colours, "variants.colours"),
        ("size_count", record.variants.sizes, "variants.sizes"),
    ):
        match = find_first(WORDS[kind], clause.text)
        number = _number(match["n"]) if match else None
        if match is None or number is None:
            continue
        agrees = number == len(listed)
        yield Stated(
            slot=kind,
            field=field,
            said=match.group(),
            value=number,
            clause=clause,
            known=", ".join(listed) if listed and not agrees else None,
            confirmed=agrees,
        )


def _colours(clause: Clause, record: ProductRecord) -> Iterator[Stated]:
    listed = record.variants.colours
    if not listed:
        return
    known = {t.concept for one in listed for t in terms_in(one) if t.cls == "colour"}
    written = " ".join(
        [*listed, *record.variants.sizes, *record.variants.stock, record.name or ""]
    ).lower()
    for term in terms_in(clause.text):
        if term.cls != "colour" or term.text.lower() in written or is_denied(clause, term.start):
            continue
        if term.concept in known or any(
            term.concept in broader_concepts("colour", one)
            or one in broader_concepts("colour", term.concept)
            for one in known
        ):
            continue
        if _LISTED.search(clause.text[: term.start]):
            shown = ", ".join(listed)
            yield Stated("colours", "variants.colours", term.text, term.concept, clause, shown)
            return


def _sizes(clause: Clause, record: ProductRecord) -> Iterator[Stated]:
    listed = record.variants.sizes
    if not listed:
        return
    shown = ", ".join(listed)
    known = [q for one in listed for q in amounts_in(one)]
    named = re.search(r"\bsizes?\b|\bcomes? in\b|\bavailable in\b|尺寸|规格|尺码", clause.text)
    if known and (named or re.match(r"(?:and |or )?\d", clause.text)):
        for quantity in quantities_in(clause.text):
            if quantity.dimension == known[0].dimension and not any(
                same_quantity(quantity, one) for one in known
            ):
                said = quantity.text.strip()
                yield Stated("sizes", "variants.sizes", said, said, clause, shown)
                return
    letters = {t.concept for one in listed for t in terms_in(one) if t.cls == "size"}
    if not letters:
        return
    for term in terms_in(clause.text):
        if (
            term.cls == "size"
            and term.concept not in letters
            and not is_denied(clause, term.start)
            and (_LISTED.search(clause.text[: term.start]) or term.text.endswith("码"))
        ):
            yield Stated("sizes", "variants.sizes", term.text, term.concept, clause, shown)
            return


def _stock(clause: Clause, named_before: str, record: ProductRecord) -> Iterator[Stated]:
    """Whether named variants are there; how many of them are left.

    They may be `named_before`, in a clause that says nothing else of them.
    """
    text = clause.text
    variants = named_variants(text, record) or named_variants(named_before, record)
    if not variants and (named := _named(text, record)):
        variants = [named]
    if not variants:
        return
    where = f"{STOCK}.{'|'.join(variants)}"
    counts = [record.variants.stock[v] for v in variants if v in record.variants.stock]
    if says("restocked", text):
        yield Stated(where, "variants.stock", text, "there", clause, is_new=True)
        return
    if says("gone_short", text):
        yield Stated(where, "variants.stock", text, "gone", clause, is_new=True)
        return
    field = f"variants.stock.{variants[0]}" if counts else "variants.stock"
    left = find_first(WORDS["left"], text)
    number = _number(next(filter(None, left.groups()), "")) if left else None
    if number is not None and number > 0:
        most = sum(counts)
        is_more = bool(counts) and number > most * 1.25 + 1
        known = f"{', '.join(variants)}: {most}" if is_more else None
        yield Stated(where, field, text, "there", clause, known)
    elif says("available", text) and not re.search(r"\b(?:not|no|isn't)\b|没有|不", text):
        known = f"{', '.join(variants)}: 0" if counts and not any(counts) else None
        yield Stated(where, field, text, "there", clause, known)


def _named(text: str, record: ProductRecord) -> str | None:
    """A listed colour or size of which no count is known."""
    if record.variants.stock:
        return None
    named = [one for one in (*record.variants.colours, *record.variants.sizes) if _holds(text, one)]
    return " ".join(named) or None


def _holds(text: str, listed: str) -> bool:
    plain = listed.lower()
    if re.search(rf"(?<![a-z0-9]){re.escape(plain)}(?![a-z0-9])", text):
        return True
    wanted = {(t.cls, t.concept) for t in terms_in(listed) if t.cls in ("colour", "size")}
    if wanted and any(t.text.lower() == plain for t in terms_in(listed)):
        return wanted <= {(t.cls, t.concept) for t in terms_in(text)}
    amounts = [q for q in amounts_in(listed) if q.dimension not in (None, "count")]
    return bool(amounts) and all(
        any(
            same_quantity(a, b) or (b.dimension is None and a.value == b.value)
            for b in quantities_in(text)
        )
        for a in amounts
    )


def _number(words: str | None) -> int | None:
    if not words:
        return None
    if words.isdigit():
        return int(words)
    if words in _NUMBERS:
        return _NUMBERS[words]
    value = parse_han(words)
    return None if value is None else int(value)
