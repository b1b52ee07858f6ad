"""Which facts go into a piece of copy, in which section and with which right to stay."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from domain.copywriting import CopyBrief, CopyKind, SectionName, Topic
from domain.language import detect_language
from domain.product import Fact, ProductDocument
from tools.copy_frames import load_frames
from tools.copy_platforms import Limits, find_limits

ALWAYS = 0
"""The rank of a beat that the copy cannot do without; higher ranks go in while there is room."""

_SECONDS_PER_POINT = 15
_MOST_WRITTEN = 6
_BULLET_POINTS = 5
_UNSETTLED = re.compile(
    r"\bnot (?:yet )?(?:been )?confirmed\b|\bunconfirmed\b"
    r"|\bto be (?:confirmed|announced|decided)\b|\bTB[ACD]\b"
    r"|待定|待确认|(?:还没|尚未|未)(?:确认|确定|定)|暂定",
    re.IGNORECASE,
)
"""What a merchant's note says is not known yet."""
_SPOKEN: tuple[CopyKind, ...] = ("script", "short_video")
_FRAMING: tuple[Topic, ...] = ("opening", "brand", "trouble", "closing")
"""What leads to the facts and away from them."""
_ORDER: tuple[SectionName, ...] = (
    "hook",
    "pain_point",
    "selling_points",
    "proof",
    "offer",
    "call_to_action",
    "body",
)


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing to say: its topic, the facts behind it, and whether a model may word it.

    `place` is its number in the plan.
    """

    section: SectionName
    topic: Topic
    facts: tuple[Fact, ...]
    rank: int = ALWAYS
    written: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """The beats in the order in which they are said.

    `limits` are those of the marketplace; `named` are the name, brand and category, which any line
    may mention.
    """

    lang: str
    brief: CopyBrief
    limits: Limits
    beats: tuple[Beat, ...]
    named: tuple[Fact, ...]


class _Facts:
    """The facts of a document that are settled and may be said, by field."""

    def __init__(self, document: ProductDocument) -> None:
        disputed = {c.field for c in document.conflicts if c.status == "open"}
        self._facts = [
            fact
            for fact in document.facts()
            if not _within(fact.field, disputed) and _UNSETTLED.search(fact.value) is None
        ]
        sold_out = _sold_out(document)
        self._facts = [f for f in self._facts if not _names_sold_out(f, sold_out)]

    def one(self, field: str) -> tuple[Fact, ...]:
        return tuple(f for f in self._facts if f.field == field)

    def under(self, field: str) -> tuple[Fact, ...]:
        return tuple(f for f in self._facts if f.field.startswith((f"{field}[", f"{field}.")))


def _within(field: str, disputed: set[str]) -> bool:
    return any(field == d or field.startswith((f"{d}[", f"{d}.")) for d in disputed)


def _sold_out(document: ProductDocument) -> set[str]:
    """Sizes and colours whose every variant has no stock."""
    variants = document.record.variants
    gone: set[str] = set()
    for value in (*variants.sizes, *variants.colours):
        counts = [n for name, n in variants.stock.items() if _is_variant(value, name)]
        if counts and not any(counts):
            gone.add(value)
    return gone


def _is_variant(value: str, name: str) -> bool:
    """True when the variant `name` (`Moss M`, `苔绿M`) is one of `value`."""
    if value.isascii():
        return value.casefold() in name.casefold().replace("/", " ").split() or (
            " " in value and value.casefold() in name.casefold()
        )
    return value in name


def _names_sold_out(fact: Fact, gone: set[str]) -> bool:
    return fact.field.startswith(("variants.sizes[", "variants.colours[")) and fact.value in gone


def document_language(document: ProductDocument) -> str:
    """The language that most of the record is written in."""
    return detect_language(" ".join(fact.value for fact in document.facts()))


def plan_copy(
    document: ProductDocument,
    brief: CopyBrief,
    *,
    sample: int = 0,
    answering: Collection[str] = (),
) -> CopyPlan:
    """Chooses what to say. Facts in open conflict and sold-out variants are left out.

    `sample` turns the order of the selling points, so that variants open on different ones. A
    reply says the fields in `answering`, and without these the first selling point and the price. A
    section for which the record has nothing does not appear. InvalidInput if the brief's
    language has no frames, or its listing a platform whose limits are not known.
    """
    check_brief(brief)
    lang = brief.lang or document_language(document)
    facts = _Facts(document)
    named = facts.one("name") + facts.one("brand") + facts.one("category")
    points = facts.under("selling_points")
    turn = sample % len(points) if points else 0
    points = points[turn:] + points[:turn]
    if brief.kind in _SPOKEN:
        beats = _spoken_beats(facts, points, brief, lang)
    elif brief.kind == "title":
        beats = [
            Beat(
                "body",
                "headline",
                _title_facts(facts, named, points),
            )
        ]
    elif brief.kind == "reply":
        answers = _answer_beats(_spoken_beats(facts, points, brief, lang), answering)
        beats = _reply_beats(facts, points, answers)
    else:
        beats = _page_beats(facts, points)
    said = [beat for beat in beats if beat.facts]
    placed = tuple(replace(beat, place=place) for place, beat in enumerate(said))
    return CopyPlan(lang, brief, find_limits(brief), placed, named)


def check_brief(brief: CopyBrief) -> None:
    """InvalidInput if the brief's language has no frames, or its listing a platform not known."""
    if brief.lang is not None:
        load_frames(brief.lang)
    find_limits(brief)


def _spoken_beats(
    facts: _Facts, points: tuple[Fact, ...], brief: CopyBrief, lang: str
) -> list[Beat]:
    always = max(1, min(len(points), round(brief.seconds / _SECONDS_PER_POINT)))
    audience = facts.one("audience")
    beats = [
        Beat("hook", "opening", facts.one("name")),
        Beat("hook", "brand", _unnamed_brand(facts), rank=6),
        *[Beat("pain_point", "trouble", (p,), rank=1) for p in _troubled(points, lang)[:1]],
        Beat("pain_point", "audience", audience, rank=3),
        *[
            Beat(
                "selling_points",
                "point",
                (point,),
                rank=ALWAYS if index < always else 1,
                written=index < min(always, _MOST_WRITTEN),
            )
            for index, point in enumerate(points)
        ],
        *[Beat("selling_points", "usage", (u,), rank=4) for u in facts.under("usage")],
        Beat("proof", "material", facts.under("materials"), rank=2),
        Beat("proof", "certificate", facts.under("certifications"), rank=1),
        *[Beat("proof", "spec", group, rank=3) for group in _pairs(facts.under("specs"))],
        Beat("proof", "ingredients", facts.under("ingredients")[:5], rank=5),
        Beat("offer", "colours", facts.under("variants.colours"), rank=3),
        Beat("offer", "sizes", facts.under("variants.sizes"), rank=3),
        Beat("offer", "price", _price(facts)),
        *[Beat("offer", "promotion", (p,), rank=1) for p in facts.under("promotion")],
        Beat("offer", "shipping", facts.one("shipping"), rank=3),
        *[Beat("offer", "after_sales", (r,), rank=4) for r in facts.under("returns_warranty")],
        Beat("call_to_action", "closing", facts.one("name")),
    ]
    return sorted(beats, key=lambda beat: _ORDER.index(beat.section))


def _answer_beats(beats: Sequence[Beat], answering: Collection[str]) -> list[Beat]:
    """Those of `beats` that say a field in `answering`, of specs no others."""
    found: list[Beat] = []
    for beat in beats:
        own = tuple(fact for fact in beat.facts if fact.field in answering)
        if own and beat.topic not in _FRAMING:
            said = own if beat.topic == "spec" else beat.facts
            written = beat.topic == "point"
            found.append(Beat("body", beat.topic, said, written=written))
    return found


def _reply_beats(facts: _Facts, points: tuple[Fact, ...], answers: list[Beat]) -> list[Beat]:
    name = Beat("body", "opening", facts.one("name"))
    if answers:
        return [name, *answers]
    first = [Beat("body", "point", (point,), written=True) for point in points[:1]]
    return [name, *first, Beat("body", "price", _price(facts))]


def _page_beats(facts: _Facts, points: tuple[Fact, ...]) -> list[Beat]:
    return [
        *[Beat("body", "point", (point,)) for point in points[:_BULLET_POINTS]],
        Beat("body", "material", facts.under("materials")),
        *[Beat("body", "spec", (spec,)) for spec in facts.under("specs")[:2]],
        Beat("body", "certificate", facts.under("certifications")),
        Beat("body", "audience", facts.one("audience")),
        Beat("body", "colours", facts.under("variants.colours")),
        Beat("body", "sizes", facts.under("variants.sizes")),
        Beat("body", "ingredients", facts.under("ingredients")[:5]),
        *[Beat("body", "after_sales", (r,)) for r in facts.under("returns_warranty")[:1]],
    ]


def _title_facts(
    facts: _Facts, named: tuple[Fact, ...], points: tuple[Fact, ...]
) -> tuple[Fact, ...]:
    """A blend is left out: a title that has room for half of it would misstate it."""
    materials = facts.under("materials")
    return named[:1] + points + (materials if len(materials) == 1 else ()) + facts.under("specs")


def _price(facts: _Facts) -> tuple[Fact, ...]:
    prices = facts.one("list_price") + facts.one("live_price")
    return prices + facts.one("currency") if prices else ()


def _unnamed_brand(facts: _Facts) -> tuple[Fact, ...]:
    name = "".join(f.value for f in facts.one("name")).casefold()
    return tuple(f for f in facts.one("brand") if f.value.casefold() not in name)


def _troubled(points: tuple[Fact, ...], lang: str) -> list[Fact]:
    """Selling points that solve a trouble viewers know, in any language that has a pattern."""
    found = load_frames(lang).troubles + load_frames("en" if lang == "zh" else "zh").troubles
    return [p for p in points if any(t.pattern.search(p.value) for t in found)]


def _pairs(facts: tuple[Fact, ...]) -> list[tuple[Fact, ...]]:
    return [facts[i : i + 2] for i in range(0, len(facts), 2)]
