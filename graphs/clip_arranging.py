"""Arranging clips: storylines, their checks, and storylines anew without what was objected to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.clip import Rejection
from domain.clip_brief import ClipBrief
from domain.language import detect_language
from domain.pool import in_pool
from domain.product import ProductRecord
from domain.quantities import find_quantities
from domain.recording import SpeechTag
from domain.storyline import Storyline
from domain.timeline import Timeline
from graphs.clip_material import Source, title_of
from graphs.deps import RunContext
from tools.clip_guards import (
    Said,
    find_cut_words,
    find_references,
    find_stale,
    find_unlawful,
    read_said,
    read_shown,
)
from tools.storylines import Arranger, Material, industry_of, templates_for, write_timeline

_OPENING = frozenset({"answer_without_question", "numbering", "dangling", "pointing_back"})
"""Rules of how a stretch begins: what they object to may still be said within one."""


@dataclass
class Arrangement:
    """Timelines with what still stands against each; `mended` was objected to and left out."""

    timelines: list[tuple[Storyline, Timeline, list[Rejection]]] = field(
        default_factory=list[tuple[Storyline, Timeline, list[Rejection]]]
    )
    mended: list[Rejection] = field(default_factory=list[Rejection])
    notes: list[str] = field(default_factory=list[str])


async def arrange(
    context: RunContext, source: Source, brief: ClipBrief, ids: Sequence[str]
) -> Arrangement:
    """The brief's variants, searched again without what a guard objects to, some times at most."""
    deps = context.deps
    record = None if source.document is None else source.document.record
    industry = brief.industry or industry_of(record.category if record else None)
    weights = await in_pool(deps.clips.weights, context.scope, industry)
    arranger = Arranger(deps.clips.score_pairs, weights)
    mended = _screen(source, record)
    banned = {one.utterance for one in mended if one.utterance is not None}
    if SpeechTag.PRICE_PROMO in brief.unwanted:
        banned |= _with_amounts(source)
    openers: set[int] = set()
    rounds = deps.settings.clips.mend_rounds
    made = Arrangement()
    for turn in range(rounds + 1):
        material = Material(
            source.tagged,
            source.segments,
            source.highlights,
            banned=banned,
            no_openers=openers,
            unwanted=brief.unwanted,
            words=brief.audience,
        )
        told = await in_pool(arranger.arrange, material, templates_for(industry), brief)
        made = Arrangement(mended=mended, notes=list(told.notes))
        for story, clip_id in zip(told.storylines, ids, strict=False):
            timeline = await in_pool(_write, source, story, brief, clip_id)
            found = await check(context, source, timeline)
            made.timelines.append((story, timeline, found))
        offending = [
            one for _, _, found in made.timelines for one in found if one.utterance is not None
        ]
        if not offending or turn == rounds:
            break
        for one in offending:
            number = one.utterance
            if number is None:
                continue
            if one.rule in _OPENING and number not in openers:
                openers.add(number)
            else:
                banned.add(number)
        mended = list(dict.fromkeys([*mended, *offending]))
    return made


async def check(context: RunContext, source: Source, timeline: Timeline) -> list[Rejection]:
    """What every guard objects to in a timeline."""
    record = None if source.document is None else source.document.record
    said, shown = read_said(timeline, source.tagged), read_shown(timeline)
    found = find_cut_words(timeline, source.tagged)
    found += find_references(said, source.names)
    found += await in_pool(find_stale, said, shown, record)
    found += await find_unlawful(
        said,
        shown,
        context.deps.checker.check,
        jurisdictions=_jurisdictions(context),
        category=record.category if record else None,
        product_id=source.product_id,
    )
    return found


def _jurisdictions(context: RunContext) -> list[str] | None:
    given = context.deps.settings.monitoring.jurisdictions
    return given.split(",") if given else None


def _screen(source: Source, record: ProductRecord | None) -> list[Rejection]:
    """What is stale or refers elsewhere wherever it stands, so that no search needs to meet it."""
    numbers = [n for segment in source.segments for n in range(segment.first, segment.last)]
    found: list[Rejection] = []
    for number in numbers:
        spoken = source.tagged[number].utterance
        alone = Said(number, spoken.text, spoken.start_ms, joined=True)
        found += find_stale([alone], (), record)
        found += find_references([alone], source.names)
    return found


def _write(source: Source, story: Storyline, brief: ClipBrief, clip_id: str) -> Timeline:
    return write_timeline(
        story,
        source.tagged,
        timeline_id=clip_id,
        recording_id=source.recording.recording_id,
        brief=brief,
        product_id=source.product_id,
        lang=brief.language or source.recording.language or _language(source),
        title=title_of(source, brief),
        highlights=source.highlights,
        candidates=source.candidates,
    )


def _language(source: Source) -> str:
    return detect_language(" ".join(one.utterance.text for one in source.tagged[:_HEARD]))


_HEARD = 40
"""Utterances by which the language is told."""


def _with_amounts(source: Source) -> set[int]:
    """The utterances that state an amount of money, whatever their tags."""
    return {
        number
        for number, one in enumerate(source.tagged)
        if any(
            (quantity.dimension or "").startswith("currency:")
            for quantity in find_quantities(one.utterance.text)
        )
    }
