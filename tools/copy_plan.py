"""Which facts go into a piece of copy, in which section and with which right to stay."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.copywriting import CommentAnswer, CopyBrief, CopyKind, SectionName, Topic
from domain.product import Fact, ProductDocument
from tools.copy_briefs import check_brief, find_language
from tools.copy_frames import load_frames
from tools.copy_platforms import Limits, find_limits
from tools.fingerprints import stable_number
from tools.sayable_facts import SayableFacts, is_grave
from tools.spec_phrases import spoken_specs

ALWAYS = 0
"""The rank of a beat that the copy cannot do without; higher ranks go in while there is room."""

_SECONDS_PER_POINT = 20
_SECONDS_PER_WRITTEN = 15
_MOST_WRITTEN = 6
_WARNED_SECONDS = 40
"""From this length on there is room for every warning of harm beside two points and the price, and
for one of use where none is of harm; in less time for one warning of harm."""
_LONGEST_KIND = 6
"""Characters of a category that is said in a greeting."""
_BULLET_POINTS = 5
_BULLETS_BEFORE_WARNING = 6
_SPOKEN: tuple[CopyKind, ...] = ("script", "short_video")
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

    `place` is its number in the plan. `size` is the only one that the facts are about. An `answer`
    is said as it stands.
    """

    section: SectionName
    topic: Topic
    facts: tuple[Fact, ...]
    rank: int = ALWAYS
    written: bool = False
    place: int = 0
    size: Fact | None = None
    answer: CommentAnswer | None = None


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """The beats in the order in which they are said.

    `limits` are those of the marketplace; `named` are the name, brand and category, which any line
    may mention. `seed` tells products and speakers apart, so that their words differ.
    """

    lang: str
    brief: CopyBrief
    limits: Limits
    beats: tuple[Beat, ...]
    named: tuple[Fact, ...]
    seed: str


def plan_copy(
    document: ProductDocument,
    brief: CopyBrief,
    *,
    sample: int = 0,
    answers: Sequence[CommentAnswer] = (),
) -> CopyPlan:
    """Chooses what to say. Facts in open conflict and sold-out variants are left out.

    Variants (`sample`) open on different selling points. A reply says `answers`, in the language of
    the comment where the brief names none. A section for which the record has nothing does not
    appear. InvalidInput as `check_brief`.
    """
    check_brief(brief)
    lang = find_language(document, brief)
    facts = SayableFacts(document)
    named = facts.one("name") + facts.one("brand") + facts.one("category")
    seed = "|".join((document.product_id, brief.persona or "", brief.tone or ""))
    points = _led(facts.under("selling_points"), lang, seed, sample)
    if brief.kind in _SPOKEN:
        beats = _spoken_beats(facts, points, brief, lang, seed)
    elif brief.kind == "title":
        beats = [
            Beat(
                "body",
                "headline",
                _title_facts(facts, named, _led(facts.under("selling_points"), lang, seed, 0)),
            )
        ]
    elif brief.kind == "reply":
        beats = [Beat("body", "answer", (), answer=answer) for answer in answers]
    else:
        beats = _page_beats(facts, points, find_limits(brief).bullets)
    said = [beat for beat in beats if beat.facts or beat.answer]
    placed = tuple(replace(beat, place=place) for place, beat in enumerate(said))
    return CopyPlan(lang, brief, find_limits(brief), placed, named, seed)


def _spoken_beats(
    facts: SayableFacts, points: tuple[Fact, ...], brief: CopyBrief, lang: str, seed: str
) -> list[Beat]:
    """What a host says: the points, the price; then what warns, what is on offer, what remains."""
    always = max(1, min(len(points), round(brief.seconds / _SECONDS_PER_POINT)))
    written = min(round(brief.seconds / _SECONDS_PER_WRITTEN), _MOST_WRITTEN)
    troubled = _troubled(points[:1], lang)
    to_audience = not troubled and stable_number(seed) % 2
    specs = spoken_specs(
        facts.under("specs"), facts.one("name") + points + facts.under("variants.sizes")
    )
    free = tuple(spec for spec in specs if spec.field not in facts.bound)
    bound = tuple(spec for spec in specs if spec.field in facts.bound)
    beats = [
        Beat("hook", "opening", facts.one("name") + _unnamed(facts)),
        Beat("hook", "brand", _unnamed_brand(facts), rank=8),
        *[Beat("pain_point", "trouble", (point,), rank=3) for point in troubled],
        Beat("pain_point", "audience", facts.one("audience"), rank=3 if to_audience else 5),
        *[
            Beat(
                "selling_points",
                "point",
                (point,),
                rank=ALWAYS if index < always else 3,
                written=index < written,
            )
            for index, point in enumerate(points)
        ],
        *_each("selling_points", "usage", facts.under("usage"), 4, 8),
        Beat("proof", "material", facts.under("materials"), rank=6),
        Beat("proof", "certificate", facts.under("certifications"), rank=5),
        *[Beat("proof", "spec", group, rank=7) for group in _pairs(free)],
        *[
            Beat("proof", "spec", group, rank=7, size=facts.bound[group[0].field])
            for group in _pairs(bound)
        ],
        Beat("proof", "ingredients", facts.under("ingredients")[:5], rank=8),
        *_warned(facts.warnings(), brief.seconds),
        Beat("offer", "colours", _colours(facts), rank=6),
        Beat("offer", "sizes", facts.under("variants.sizes"), rank=6),
        Beat("offer", "price", _price(facts)),
        *_each("offer", "promotion", facts.under("promotion"), 2, 5),
        Beat("offer", "shipping", facts.one("shipping"), rank=5),
        *_each("offer", "after_sales", facts.under("returns_warranty"), 4, 7),
        Beat("call_to_action", "closing", facts.one("name")),
    ]
    return sorted(beats, key=lambda beat: _ORDER.index(beat.section))


def _each(
    section: SectionName, topic: Topic, facts: tuple[Fact, ...], first: int, others: int
) -> list[Beat]:
    """A beat a fact, but for one that another says as well: the first with the rank `first`."""
    values = [fact.value.casefold() for fact in facts]
    said = [
        fact
        for fact in facts
        if not any(
            fact.value.casefold() in value for value in values if len(value) > len(fact.value)
        )
    ]
    return [
        Beat(section, topic, (fact,), rank=others if index else first)
        for index, fact in enumerate(said)
    ]


def _warned(warnings: tuple[Fact, ...], seconds: float) -> list[Beat]:
    """The warnings: what may harm goes before all that need not be said."""
    is_long = seconds >= _WARNED_SECONDS
    return [
        replace(
            beat,
            rank=1 if (is_grave(beat.facts[0].value) and (is_long or not number)) else beat.rank,
        )
        for number, beat in enumerate(_each("proof", "warning", warnings, 1 if is_long else 7, 7))
    ]


def _page_beats(facts: SayableFacts, points: tuple[Fact, ...], most: int) -> list[Beat]:
    """What a page lists, where `most` is how many bullets it takes; the gravest warning is one."""
    warnings = [Beat("body", "warning", (w,)) for w in facts.warnings()[:1] if is_grave(w.value)]
    listed = [
        *[Beat("body", "point", (point,)) for point in points[:_BULLET_POINTS]],
        Beat("body", "material", facts.under("materials")),
        *[
            Beat("body", "spec", (spec,), size=facts.bound.get(spec.field))
            for spec in _unsized(facts)[:2]
        ],
        Beat("body", "certificate", facts.under("certifications")),
        Beat("body", "audience", facts.one("audience")),
        Beat("body", "colours", _colours(facts)),
        Beat("body", "sizes", facts.under("variants.sizes")),
        Beat("body", "ingredients", facts.under("ingredients")[:5]),
        *[Beat("body", "after_sales", (r,)) for r in facts.under("returns_warranty")[:1]],
    ]
    listed = [beat for beat in listed if beat.facts]
    before = min(_BULLETS_BEFORE_WARNING, most - len(warnings))
    return [*listed[:before], *warnings, *listed[before:]]


def _unsized(facts: SayableFacts) -> tuple[Fact, ...]:
    """The specs but for one that only repeats the size that it is about."""
    return tuple(
        spec
        for spec in facts.under("specs")
        if (size := facts.bound.get(spec.field)) is None or size.value != spec.value
    )


def _title_facts(
    facts: SayableFacts, named: tuple[Fact, ...], points: tuple[Fact, ...]
) -> tuple[Fact, ...]:
    """A blend is left out: a title that has room for half of it would misstate it."""
    materials = facts.under("materials")
    specs = tuple(spec for spec in facts.under("specs") if spec.field not in facts.bound)
    return named[:1] + points + (materials if len(materials) == 1 else ()) + specs


def _colours(facts: SayableFacts) -> tuple[Fact, ...]:
    """The colours, and the stock of those that are not to be had in every size."""
    colours = facts.under("variants.colours")
    stock = dict.fromkeys(facts.left_out() + facts.confined())
    return colours + tuple(stock) if colours else ()


def _price(facts: SayableFacts) -> tuple[Fact, ...]:
    prices = facts.one("list_price") + facts.one("live_price")
    return prices + facts.one("currency") if prices else ()


def _unnamed_brand(facts: SayableFacts) -> tuple[Fact, ...]:
    name = "".join(f.value for f in facts.one("name")).casefold()
    return tuple(f for f in facts.one("brand") if f.value.casefold() not in name)


def _unnamed(facts: SayableFacts) -> tuple[Fact, ...]:
    """The brand and the kind of goods, where the name has them not, for a greeting."""
    name = "".join(f.value for f in facts.one("name")).casefold()
    kind = facts.one("category")
    is_short = all(len(f.value) <= _LONGEST_KIND and f.value.casefold() not in name for f in kind)
    return _unnamed_brand(facts) + (kind if is_short else ())


def _led(points: tuple[Fact, ...], lang: str, seed: str, sample: int) -> tuple[Fact, ...]:
    """The points with another one first for each `sample`.

    For half of the products those come first that a question to the viewers can lead to.
    """
    if not points:
        return ()
    troubled = _troubled(points, lang) if stable_number(f"{seed}|lead") % 2 else []
    leads = [*troubled, *(point for point in points if point not in troubled)]
    lead = leads[sample % len(leads)]
    return (lead, *(point for point in points if point is not lead))


def _troubled(points: tuple[Fact, ...], lang: str) -> list[Fact]:
    """Selling points that solve a trouble viewers know, in any language that has a pattern."""
    found = load_frames(lang).troubles + load_frames("en" if lang == "zh" else "zh").troubles
    return [p for p in points if any(t.pattern.search(p.value) for t in found)]


def _pairs(facts: tuple[Fact, ...]) -> list[tuple[Fact, ...]]:
    return [facts[i : i + 2] for i in range(0, len(facts), 2)]
