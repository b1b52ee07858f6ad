"""Wiring what the clip graph works with; models are loaded at their first use."""

from collections.abc import Sequence
from functools import partial

from domain.product import ProductDocument
from domain.recording import Segment, TaggedUtterance
from domain.settings import Settings
from domain.stream import ScreenLine
from graphs.recording_tools import RecordingTools
from models.asr import load_hearers
from models.embeddings import Embedder, as_embedded
from models.lazy import Lazy
from models.store import ModelStore
from stores.recordings import RecordingStore
from stores.sql import Database
from stores.streams import StreamStore
from tools.highlights import score_moments
from tools.recording_versions import made_by
from tools.segmentation import find_segments
from tools.transcripts import Hearing


def open_recording_tools(
    settings: Settings,
    database: Database,
    streams: StreamStore,
    models: ModelStore,
    embedder: Lazy[Embedder],
) -> RecordingTools:
    """The tools of a home."""
    hearers = Lazy(lambda: load_hearers(settings, models))
    e5 = Lazy(lambda: as_embedded(embedder.get(), threads=settings.threads.embedding))

    def find_turns(
        utterances: Sequence[TaggedUtterance],
        *,
        products: Sequence[ProductDocument],
        cuts_ms: Sequence[int] = (),
        cards: Sequence[ScreenLine] = (),
    ) -> list[Segment]:
        return find_segments(
            utterances,
            products=products,
            embedder=e5.get(),
            cuts_ms=cuts_ms,
            cards=cards,
            settings=settings.segmenting,
        )

    return RecordingTools(
        store=RecordingStore(database),
        streams=streams,
        hearing=Hearing(hearers.get, settings.recordings, settings.limits),
        score_moments=partial(score_moments, pld=settings.highlights.pld),
        find_segments=find_turns,
        made_by=made_by,
    )
