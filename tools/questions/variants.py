"""Questions about colours, sizes and stock: closed lists, so that code knows yes from no."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from domain.lexicon import Term, broader_concepts, find_terms
from domain.product import Fact, ProductDocument
from domain.quantities import Quantity, find_quantities, same_quantity
from tools.questions.colour_names import colours_of
from tools.questions.decision import Decision
from tools.questions.lookup import facts_of
from tools.questions.reading import QuestionReading
from tools.variant_words import find_meant

Entity = Term | Quantity
_CROSS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:cm|厘米|公分)?\s*[×xX*＊乘]\s*(\d+(?:\.\d+)?)")
_SOLD_OUT = re.compile(
    r"\b(?:sold out|out of stock|unavailable|gone)\b|卖完|卖光|没货|缺货|断货|售罄", re.IGNORECASE
)
_BIG = re.compile(
    r"\b(?:big|bigger|biggest|large|larger|largest)\b|大(?:的|号|一点|尺寸)",
    re.IGNORECASE,
)
_SMALL = re.compile(r"\b(?:small|smaller|smallest)\b|小(?:的|号|一点|尺寸)", re.IGNORECASE)
_KINDS = frozenset({"colour", "size", "stock", "open"})


def decide_variant(reading: QuestionReading, document: ProductDocument) -> Decision | None:
    """The decision on a colour, size or stock question; None when it is about something else."""
    if reading.kind not in _KINDS:
        return None
    stock = facts_of("stock", document)
    lists = {cls: facts_of(cls, document) for cls in ("colour", "size")}
    asked = _asked(reading, [*lists["size"], *stock], lists["colour"])
    if not asked:
        return _whole_list(reading, lists, stock)
    if not (reading.yes_no or reading.kind != "open"):
        return None
    asks_sold_out = _SOLD_OUT.search(reading.text) is not None
    words = tuple(reading.text[entity.start : entity.end] for _, entity in asked)

    def decided(facts: Sequence[Fact], polarity: bool, reason: str) -> Decision:
        counts = polarity and not reading.yes_no
        return Decision(
            status="answerable",
            kind=reading.kind if reading.kind != "open" else asked[0][0],
            facts=tuple(facts),
            asked=words,
            yes_no=not (asks_sold_out or counts),
            polarity=None if asks_sold_out or counts else polarity,
            reason=reason,
        )

    asked = [
        (cls, _only_shade(entity, lists[cls]) if lists[cls] else entity) for cls, entity in asked
    ]
    for cls, entity in asked:
        if lists[cls] and not any(offers(fact.value, entity) for fact in lists[cls]):
            return decided(lists[cls], polarity=False, reason=f"not in the {cls} list")
    kept = [fact for fact in stock if all(offers(_variant(fact), e) for _, e in asked)]
    if kept:
        left = [fact for fact in kept if int(fact.value) > 0]
        return decided(left or kept, polarity=bool(left), reason="stock")
    apart = [[fact for fact in stock if offers(_variant(fact), e)] for _, e in asked]
    if len(asked) > 1 and all(apart):
        return decided(min(apart, key=len), polarity=False, reason="no such combination")
    if reading.kind == "stock" or not all(lists[cls] for cls, _ in asked):
        return Decision(
            status="unanswerable",
            kind=reading.kind if reading.kind != "open" else asked[0][0],
            asked=words,
            yes_no=True,
            reason="no stock figure" if reading.kind == "stock" else "no such list",
        )
    chosen = [f for cls, e in asked for f in lists[cls] if offers(f.value, e)]
    return decided(list(dict.fromkeys(chosen)), polarity=True, reason="in the list")


def _only_shade(asked: Entity, listed: Sequence[Fact]) -> Entity:
    """The one listed shade of the colour that is asked for: the 草绿 of `深绿的`."""
    if isinstance(asked, Quantity) or asked.cls != "colour":
        return asked
    if any(offers(fact.value, asked) for fact in listed):
        return asked
    wanted = broader_concepts("colour", asked.concept)
    alike = [fact.value for fact in listed if not colours_of(fact.value).isdisjoint(wanted)]
    return replace(asked, text=alike[0], concept=alike[0].casefold()) if len(alike) == 1 else asked


def offers(value: str, entity: Entity) -> bool:
    """Whether a listed variant is what was asked for; a Moss one is a green one."""
    if isinstance(entity, Quantity):
        sides = _CROSS.search(value)
        if sides is not None:  # people name a quilt of 150×200 by its first side
            return entity.value == Decimal(sides[1])
        listed = find_quantities(value)
        if any(same_quantity(entity, known) for known in listed):
            return True
        return len(listed) == 2 and _within(entity, listed[0], listed[1])
    asked = _CROSS.fullmatch(entity.text)
    if asked is not None:
        return any(m.groups() == asked.groups() for m in _CROSS.finditer(value))
    if find_word(entity.text, value) is not None:
        return True
    if entity.cls == "colour" and entity.concept in colours_of(value):
        return True
    return any(
        term.cls == entity.cls and entity.concept in broader_concepts(term.cls, term.concept)
        for term in find_terms(value)
    )


def _asked(
    reading: QuestionReading, sizes: Sequence[Fact], colours: Sequence[Fact]
) -> list[tuple[str, Entity]]:
    found: list[tuple[str, Entity]] = [
        (term.cls, term) for term in reading.terms if term.cls in ("colour", "size")
    ]
    found += [("size", term) for term in _crossed(reading.text)]
    relative = _relative_size(reading, sizes)
    found = [f for f in found if not any(r.start <= f[1].start < r.end for _, r in relative)]
    found += relative
    found += [("colour", term) for term in _named_colours(reading, colours, found)]
    found += [("size", term) for term in _told_sizes(reading, sizes, found)]
    listed = [q for fact in sizes for q in find_quantities(f"{_variant(fact)} {fact.value}")]
    dimensions = {quantity.dimension for quantity in listed}
    crossed = [entity for cls, entity in found if cls == "size" and _CROSS.fullmatch(entity.text)]
    for quantity in reading.quantities:
        if any(c.start < quantity.end and quantity.start < c.end for c in crossed):
            continue
        if quantity.dimension is None and (meant := _listed_size(quantity, sizes)):
            found.append(("size", meant))
            continue
        measured = quantity.dimension is not None and quantity.dimension in dimensions
        plain = quantity.dimension in (None, "size") and reading.kind in ("size", "stock")
        if (measured and quantity.dimension != "count") or (plain and None in dimensions):
            found.append(("size", quantity))
    return found


def _listed_size(number: Quantity, sizes: Sequence[Fact]) -> Quantity | None:
    """The size that a bare number is the first figure of: 480 of `480 ml`, 200 of `200×230cm`."""
    for fact in sizes:
        first = next(iter(find_quantities(fact.value)), None)
        is_size = fact.field.startswith("variants.sizes") and first and first.dimension
        if is_size and first and first.dimension != "count" and first.value == number.value:
            return replace(first, start=number.start, end=number.end, text=number.text)
    return None


def _relative_size(reading: QuestionReading, sizes: Sequence[Fact]) -> list[tuple[str, Entity]]:
    """The big one or the small one, where the sizes can be put in order."""
    big, small = _BIG.search(reading.text), _SMALL.search(reading.text)
    asked = big or small
    measured = [
        quantity
        for fact in sizes
        if fact.field.startswith("variants.sizes")
        for quantity in find_quantities(fact.value)[:1]
    ]
    if asked is None or len({q.base for q in measured}) < len(measured) or len(measured) < 2:
        return []
    pick = max if big else min
    size = pick(measured, key=lambda quantity: quantity.base)
    return [("size", replace(size, start=asked.start(), end=asked.end()))]


def _crossed(text: str) -> list[Term]:
    """Sizes by two sides (200×230, 50 x 70 cm), whose unit is often left out."""
    return [
        Term(*match.span(), text=match.group(), cls="size", concept=match.group())
        for match in _CROSS.finditer(text)
    ]


def _named_colours(
    reading: QuestionReading, colours: Sequence[Fact], found: Sequence[tuple[str, Entity]]
) -> list[Term]:
    """Colours that go by a name of their own (Chalk, Ink): said as the record writes them."""
    named: list[Term] = []
    for fact in colours:
        span = find_word(fact.value, reading.text)
        if span is None or any(e.start < span[1] and span[0] < e.end for _, e in found):
            continue
        text = reading.text[slice(*span)]
        named.append(Term(*span, text=text, cls="colour", concept=text.casefold()))
    return named


def _told_sizes(
    reading: QuestionReading, sizes: Sequence[Fact], found: Sequence[tuple[str, Entity]]
) -> list[Term]:
    """A size by the one word that tells it from the others: the Max of a Pro and a Max."""
    if any(cls == "size" for cls, _ in found):
        return []
    values = [fact.value for fact in sizes if fact.field.startswith("variants.sizes")]
    meant = find_meant(reading.text, values) if len(values) > 1 else []
    if len(meant) != 1:
        return []
    for word in re.findall(r"[A-Za-z]+|\d+(?:\.\d+)?|[\u3400-\u9fff]+", meant[0]):
        span = find_word(word, reading.text)
        if span is not None and not any(e.start < span[1] and span[0] < e.end for _, e in found):
            return [Term(*span, text=meant[0], cls="size", concept=meant[0].casefold())]
    return []


def find_word(word: str, text: str) -> tuple[int, int] | None:
    """Where `word` stands in `text`, whole if it is Latin; case does not matter."""
    edge = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])"
    match = re.search(edge.format(re.escape(word)), text, re.IGNORECASE)
    return match.span() if match else None


def _whole_list(
    reading: QuestionReading, lists: dict[str, list[Fact]], stock: list[Fact]
) -> Decision | None:
    kind = reading.kind
    if kind == "open":
        return None
    facts = stock if kind == "stock" else lists[kind]
    if not facts:
        return Decision(
            status="unanswerable", kind=kind, yes_no=reading.yes_no, reason="no such field"
        )
    polarity = None
    if kind == "stock" and reading.yes_no and not _SOLD_OUT.search(reading.text):
        left = [fact for fact in facts if int(fact.value) > 0]
        polarity, facts = bool(left), left or facts
    return Decision(
        status="answerable",
        kind=kind,
        facts=tuple(facts),
        yes_no=reading.yes_no,
        polarity=polarity,
        reason="field",
    )


def _variant(fact: Fact) -> str:
    prefix = "variants.stock."
    return fact.field.removeprefix(prefix) if fact.field.startswith(prefix) else fact.value


def _within(asked: Quantity, low: Quantity, high: Quantity) -> bool:
    """Whether a whole size lies in a listed run of sizes (38 in 36-40)."""
    return (
        asked.dimension in (low.dimension, "size", None)
        and low.base < high.base
        and low.base <= asked.base <= high.base
        and asked.base == asked.base.to_integral_value()
    )
