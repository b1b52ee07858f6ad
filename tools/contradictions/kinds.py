"""Materials, countries and care: closed classes, by the bilingual lexicon."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.lexicon import Term, broader_concepts, is_negated
from domain.product import ProductRecord
from tools.contradictions.statements import (
    WORDS,
    Stated,
    is_denied,
    quantities_in,
    record_texts,
    says,
    terms_in,
)
from tools.host_speech import Clause, find_first
from tools.spoken import normalise_spoken

_NEAR = 10
_WATER = frozenset({"machine_wash", "dishwasher", "water_wash"})
_ONLY = frozenset({"hand_wash", "dry_clean"})
_WASHED_IN_WATER = frozenset({"machine_wash", "hand_wash", "water_wash"})


def read_kinds(clauses: Sequence[Clause], record: ProductRecord) -> Iterator[Stated]:
    """What clauses state of what it is made of, where, and how it is cared for."""
    for clause in clauses:
        if clause.holds:
            yield from _materials(clause, record)
            yield from _countries(clause, record)
        if not (clause.others or clause.past or clause.unreal or clause.asked):
            yield from _care(clause, record)


def _materials(clause: Clause, record: ProductRecord) -> Iterator[Stated]:
    """A share of a material, one that is the only one, and what it is said to be made of."""
    terms = _of_class(clause.text, "material")
    if not terms:
        return
    values = record_texts(record, "materials", "specs", "ingredients", "selling_points")
    texts = [value for _, value in values]
    known = {term.concept for text in texts for term in _of_class(text, "material")}
    shares = _shares(clause.text)
    recorded: dict[str, set[Decimal]] = {}
    for text in texts:
        for concept, share in _shares(normalise_spoken(text)).items():
            recorded.setdefault(concept, set()).add(share)
    shown = "; ".join(record.materials)
    if not known or not shown:
        return
    for term in terms:
        if is_negated(clause.text, term) or is_denied(clause, term.start):
            continue
        share = shares.get(term.concept)
        if share is None and says("pure", clause.text[max(0, term.start - 14) : term.end]):
            share = Decimal(100)
        is_known = _is_kind_of(term.concept, known)
        own = [
            s
            for concept in recorded
            if _is_kind_of(term.concept, {concept})
            for s in recorded[concept]
        ]
        if share is not None and is_known and own and share not in own:
            wrong = True
        elif is_known:
            wrong = False
        else:
            wrong = share is not None or (
                says("made_of", clause.text) and term.start - _made_of_end(clause.text) < _NEAR
            )
        said = f"{share}% {term.text}" if share is not None else term.text
        if wrong or share is not None:
            yield Stated(
                slot=f"material.{term.concept}",
                field="materials",
                said=said,
                value=str(share),
                clause=clause,
                known=shown if wrong else None,
                confirmed=not wrong,
            )


def _shares(text: str) -> dict[str, Decimal]:
    """The percentage that stands right before or after each material."""
    found: dict[str, Decimal] = {}
    for term in _of_class(text, "material"):
        for quantity in quantities_in(text):
            gap = text[quantity.end : term.start] if quantity.end <= term.start else None
            if (
                quantity.dimension == "percent"
                and gap is not None
                and len(gap) <= _NEAR
                and not any(mark in gap for mark in ",，、;；")
            ):
                found[term.concept] = quantity.value
    return found


def _countries(clause: Clause, record: ProductRecord) -> Iterator[Stated]:
    if not says("made_in", clause.text):
        return
    said = _of_class(clause.text.title(), "country")
    yield from _chinese_places(clause, record)
    values = record_texts(record, "specs", "selling_points")
    known = [(path, value) for path, value in values if _of_class(value, "country")]
    if not said or is_negated(clause.text.title(), said[0]):
        return
    concepts = {term.concept for _, value in known for term in _of_class(value, "country")}
    agrees = any(term.concept in concepts for term in said)
    yield Stated(
        slot="country",
        field=known[0][0] if known else "specs.origin",
        said=said[0].text,
        value=said[0].concept,
        clause=clause,
        known=known[0][1] if known and not agrees else None,
        confirmed=agrees,
    )


def _chinese_places(clause: Clause, record: ProductRecord) -> Iterator[Stated]:
    """A province or town that shares no two characters with the one of the record."""
    match = find_first(WORDS["origin_zh"], clause.text)
    known = [(path, value) for path, value in record_texts(record, "specs") if "产地" in path]
    if match is None or not known:
        return
    place, (path, value) = match["place"], known[0]
    agrees = any(place[i : i + 2] in value for i in range(len(place) - 1))
    other = None if agrees else value
    yield Stated("place", path, place, place, clause, other, confirmed=agrees, is_loose=True)


def _care(clause: Clause, record: ProductRecord) -> Iterator[Stated]:
    """Allowed or not, against what the record allows and forbids."""
    terms = _of_class(clause.text, "care")
    if not terms or (clause.reported and not says("not_allowed", clause.text)):
        return
    told: dict[str, tuple[bool, str, str]] = {}
    only: tuple[str, str, str] | None = None
    for path, value in record_texts(record, "usage", "warnings", "specs", "selling_points"):
        for term in _of_class(value, "care"):
            told.setdefault(term.concept, (not is_negated(value, term), path, value))
            if term.concept in _ONLY and path.startswith(("usage", "warnings")):
                only = (term.concept, path, value)
    for term in terms:
        denied = is_negated(clause.text, term) or is_denied(clause, term.start)
        is_only = term.concept in _ONLY and says("only_care", clause.text)
        if not denied and not is_only and not says("allowed", clause.text):
            continue
        denied = denied or says("not_allowed", clause.text[: term.start])
        path, known = "usage", None
        if term.concept in told:
            allowed, path, value = told[term.concept]
            is_partial = allowed and denied and says("exception", value.lower())
            known = value if allowed is denied and not is_partial else None
        elif not denied and only is not None and term.concept in _WATER - {"dishwasher"}:
            _, path, known = only
        elif is_only and not denied:
            washed = [told[one] for one in told if one in _WASHED_IN_WATER and told[one][0]]
            _, path, known = washed[0] if washed else (True, path, None)
        yield Stated(
            slot=f"care.{term.concept}",
            field=path.partition("[")[0],
            said=clause.text,
            value=not denied,
            clause=clause,
            known=known,
            confirmed=term.concept in told and known is None,
        )


def _of_class(text: str, cls: str) -> list[Term]:
    return [term for term in terms_in(text) if term.cls == cls]


def _is_kind_of(concept: str, known: set[str]) -> bool:
    """Whether what is said is known, or a kind of what is known, or the other way round."""
    return any(
        concept in broader_concepts("material", one) or one in broader_concepts("material", concept)
        for one in known
    )


def _made_of_end(text: str) -> int:
    return max((m.end() for p in WORDS["made_of"] for m in p.finditer(text)), default=0)
