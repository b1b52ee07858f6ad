"""What a clip is made of: a recording's stages, and the product as its record is now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from domain.clip_brief import ClipBrief
from domain.errors import InvalidInput, NotFound, StateConflict
from domain.pool import in_pool
from domain.product import ProductDocument
from domain.recording import Candidate, Highlight, Recording, Segment, Stage, TaggedUtterance
from domain.timeline import ClipWord
from graphs.deps import RunContext
from graphs.recording_parts import CANDIDATES, HIGHLIGHTS, SEGMENTS, TAGGED, load
from tools.recordings import find_path
from tools.storylines import words_of


@dataclass(frozen=True)
class Source:
    """A recording to cut from; `segments` are those of the product, `notes` say what was chosen."""

    recording: Recording
    path: Path
    tagged: Sequence[TaggedUtterance]
    segments: Sequence[Segment]
    highlights: Sequence[Highlight]
    candidates: Sequence[Candidate]
    product_id: str | None
    document: ProductDocument | None
    notes: tuple[str, ...] = field(default=())

    @property
    def words(self) -> list[ClipWord]:
        """Every word of the recording."""
        return [word for one in self.tagged for word in words_of(one.utterance)]

    @property
    def names(self) -> list[str]:
        """What the product is called."""
        if self.document is None:
            return []
        record = self.document.record
        return [name for name in (record.name, record.brand) if name]


async def open_source(context: RunContext, recording_id: str, product_id: str | None) -> Source:
    """What is known of a recording, for a product of it.

    Raises:
        NotFound: the recording, its file or a stage is gone.
        StateConflict: it is not understood yet.
        InvalidInput: nobody speaks in it, or the product is in none of its segments.
    """
    deps, scope = context.deps, context.scope
    recording = await in_pool(deps.recordings.store.get, scope, recording_id)
    missing = [stage for stage in Stage if stage not in recording.results]
    if missing:
        raise StateConflict(
            f"{recording.file.name} is not understood yet: {', '.join(missing)} to be made.",
            hint=f"Follow its job: livecue jobs show {recording.job_id}",
        )
    path = await in_pool(find_path, scope, recording, deps.blobs)
    results = recording.results
    tagged = await load(context, TAGGED, results[Stage.TAGS])
    if not tagged:
        raise InvalidInput(
            f"Nobody speaks in {recording.file.name}, so no ad can be arranged from it.",
            hint="Give a recording with speech, or its language: --language.",
        )
    segments = await load(context, SEGMENTS, results[Stage.SEGMENTS])
    chosen, notes = product_id, list[str]()
    sold = {one.product_id for one in segments if one.product_id is not None}
    if product_id is None and sold:
        lengths = {
            one: sum(s.end_ms - s.start_ms for s in segments if s.product_id == one) for one in sold
        }
        chosen = max(sorted(sold), key=lambda one: lengths[one])
        if len(sold) > 1:
            notes.append(f"of {len(sold)} products {chosen} is told of longest and was taken")
    if chosen is not None:
        segments = [one for one in segments if one.product_id == chosen]
        if not segments:
            raise InvalidInput(
                f"{chosen} is in none of the segments of {recording.file.name}.",
                hint=f"Is it in the line-up? livecue clip VIDEO --products {chosen},…",
            )
    if not segments:
        end = tagged[-1].utterance.end_ms
        segments = [
            Segment(
                number=1, start_ms=0, end_ms=end, first=0, last=len(tagged), product_id=None,
                title=recording.file.name,
            )
        ]  # fmt: skip
    return Source(
        recording=recording,
        path=path,
        tagged=tagged,
        segments=segments,
        highlights=await load(context, HIGHLIGHTS, results[Stage.HIGHLIGHTS]),
        candidates=await load(context, CANDIDATES, results[Stage.CANDIDATES]),
        product_id=chosen,
        document=await document_of(context, chosen),
        notes=tuple(notes),
    )


async def document_of(context: RunContext, product_id: str | None) -> ProductDocument | None:
    """The record as it is now: what is published, else the newest; None where it is gone."""
    if product_id is None:
        return None
    catalog = context.deps.catalog
    for version in ("published", None):
        try:
            return await in_pool(catalog.get, context.scope, product_id, version)
        except NotFound:
            continue
    return None


async def names_of(context: RunContext) -> list[tuple[str, str]]:
    """Ids and names of what is on sale, of which a brief may name one."""
    found = await in_pool(context.deps.catalog.list, context.scope)
    documents = [await document_of(context, one.product_id) for one in found[:_NAMED]]
    return [(d.product_id, d.record.name) for d in documents if d is not None and d.record.name]


_NAMED = 200


def title_of(source: Source, brief: ClipBrief) -> str:
    """What a clip is called: the product, else its segment."""
    if source.names:
        return source.names[0]
    return brief.text[:60] or source.segments[0].title
