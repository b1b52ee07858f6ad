"""Wiring a session: the source, feeds and models that a stream's spec asks for."""

import threading
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput
from domain.product import ProductDocument
from domain.right_of_way import RightOfWay
from domain.scope import Scope
from domain.settings import Settings
from domain.stream import Keyframe, Stream, StreamSpec
from live.captioning import OpenCaptions, no_captions
from live.feeding import open_feeds
from live.following import EventFollower
from live.listening import Listener
from live.looking import Looker
from live.marking import QuestionMarker
from live.merging import Merger
from live.perception import Follower, Senses
from live.quality import Quality, Step
from live.remembering import ToldBefore
from live.replaying import is_recorded
from live.sources import MediaSource, PushSource, open_source
from models.asr import Transcriber
from models.ocr import OcrReader
from stores.blobs import BlobStore
from stores.streams import StreamStore
from tools.catalog import Catalog
from tools.events.boundaries import FrameCue
from tools.events.keyframes import KeyframeChooser
from tools.memory import StreamMemory
from tools.on_air import OnAir, OnAirProduct
from tools.on_air_now import OnAirNow
from tools.questions.detection import QuestionDetector

PUSH = "push"
"""The source of a stream whose pictures and sound are sent to this server."""

_MOST_TERMS = 40
_NEWEST = 400
_AGAIN_MS = 4000
"""How much of a recording is seen again after a kill: a comment is told when it was read twice."""


OpenRadar = Callable[[Scope, Stream, Sequence[ProductDocument], OnAir], Follower]
"""Opens what gathers the questions of a session, from its line-up and what is on air."""

OpenReader = Callable[[Scope, Stream], Follower]
"""Opens what reads a host's sentences ahead of questions."""

OpenMonitor = Callable[[Scope, Stream, Sequence[ProductDocument]], Follower]
"""Opens what listens to a stream's host, given its line-up."""


class SensesOpener:
    """Opens what sessions perceive with; models are loaded at their first use."""

    def __init__(
        self,
        settings: Settings,
        store: StreamStore,
        memory: Callable[[], StreamMemory],
        catalog: Catalog,
        blobs: BlobStore,
        *,
        transcriber: Callable[[], Transcriber],
        ocr: Callable[[], OcrReader],
        questions: QuestionDetector,
        captions: Callable[[Scope], OpenCaptions | None] = no_captions,
        radar: OpenRadar | None = None,
        monitor: OpenMonitor | None = None,
        warm_monitor: Callable[[], None] = lambda: None,
        reader: OpenReader | None = None,
        on_air_now: OnAirNow | None = None,
        way: RightOfWay | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._memory = memory
        self._catalog = catalog
        self._blobs = blobs
        self._transcriber = transcriber
        self._ocr = ocr
        self._questions = questions
        self._captions = captions
        self._radar = radar
        self._monitor = monitor
        self._warm_monitor = warm_monitor
        self._reader = reader
        self._on_air_now = on_air_now or OnAirNow()
        self._way = way or RightOfWay()

    def __call__(self, scope: Scope, stream: Stream) -> Senses:
        """The senses of a session that goes on from the stream's position.

        Raises:
            InvalidInput: neither source nor feed is given, or one cannot be read.
            NotFound: a file or a product of the line-up does not exist.
        """
        spec = stream.spec
        if not (spec.source or spec.transcript or spec.comments or spec.replay_of):
            raise InvalidInput(
                "There is nothing to watch.", hint="Give a source, a transcript or comments."
            )
        line_up = [self._catalog.get(scope, product_id) for product_id in spec.products]
        source = self._source(stream)
        pictures = _Pictures(partial(self._save, scope), self._settings.events.keyframes)
        looker: list[Looker] = []
        newest = self._store.entries(
            scope,
            stream.stream_id,
            kinds=("comment", "screen_line", "utterance"),
            newest=True,
            limit=_NEWEST,
        )
        told = ToldBefore.from_log(newest, stream.position_ms)

        def listen(merger: Merger) -> Listener:
            return Listener(
                self._transcriber(),
                merger,
                terms=_terms(line_up),
                language=spec.language,
                longest_ms=self._settings.streaming.speech_ms,
                heard_until_ms=told.heard_until_ms,
                way=self._way,
            )

        def look(merger: Merger) -> Looker:
            looker.append(
                Looker(
                    self._ocr(),
                    merger,
                    pictures,
                    interval_ms=self._settings.streaming.read_interval_ms,
                    waits=spec.speed == "max" or spec.replay_of is not None,
                    told=told,
                    way=self._way,
                )
            )
            return looker[-1]

        def cues(until_ms: int) -> Sequence[FrameCue]:
            return looker[-1].take_cues(until_ms) if looker else ()

        on_air = OnAir([OnAirProduct.from_document(document) for document in line_up])
        self._on_air_now.enter(scope, stream.stream_id, on_air)
        follower = EventFollower(
            self._store,
            self._memory(),
            scope,
            stream,
            on_air=on_air,
            records={document.product_id: document.record for document in line_up},
            settings=self._settings.events,
            keyframes=pictures.take,
            cues=cues,
            captions=self._captions(scope),
        )
        # what the host has to be told comes first
        monitors = [self._monitor(scope, stream, line_up)] if self._monitor is not None else []
        streaming = self._settings.streaming
        plays_log = spec.replay_of is not None and not is_recorded(spec)

        def set_quality(step: Step) -> None:
            if looker:
                looker[-1].interval_ms = step.reads * streaming.read_interval_ms
            if source is not None:
                source.set_interval_ms(step.takes * streaming.frame_interval_ms)

        def warm() -> None:
            self._memory().embed(["warm"])
            self._questions.are_questions(["warm"])
            if source is not None and spec.speed != "max":
                self._transcriber()
                self._ocr()
                self._warm_monitor()

        feeds = open_feeds(spec, scope, self._store, streaming)
        return Senses(
            source,
            listen,
            look,
            feeds.rows,
            # A log tells already which comments ask; what was left unread then is so again.
            QuestionMarker(self._questions, 0 if plays_log else streaming.questions_per_minute),
            [
                *monitors,
                follower,
                *([self._radar(scope, stream, line_up, on_air)] if self._radar else ()),
                *([self._reader(scope, stream)] if self._reader and spec.speed != "max" else ()),
            ],
            growing=feeds.growing,
            problems=feeds.problems,
            pace=_pace(spec) if spec.replay_of is not None else None,
            quality=(
                None
                if spec.speed == "max" or spec.replay_of is not None
                else Quality(streaming.slow_ms)
            ),
            set_quality=set_quality,
            warm=warm,
        )

    def _save(self, scope: Scope, jpeg: bytes) -> str:
        return self._blobs.put_bytes(scope, jpeg, name="A keyframe").sha256

    def _source(self, stream: Stream) -> MediaSource | None:
        if stream.spec.source is None:
            return None
        if stream.spec.source == PUSH:
            return PushSource(self._settings.streaming)
        return open_source(
            stream.spec.source,
            self._settings.streaming,
            fetching=self._settings.fetching,
            speed=_pace(stream.spec),
            resume_at_ms=max(0, stream.resume_ms - _AGAIN_MS),
        )


class _Pictures(KeyframeChooser):
    """A chooser that one thread shows pictures and another takes keyframes from."""

    def __init__(self, save: Callable[[bytes], str], most: int) -> None:
        super().__init__(save, most=most)
        self._lock = threading.Lock()

    def see(
        self,
        at_ms: int,
        grey: NDArray[np.uint8],
        sharpness: float,
        jpeg: Callable[[], bytes],
        size: tuple[int, int],
    ) -> None:
        """Take a picture."""
        with self._lock:
            super().see(at_ms, grey, sharpness, jpeg, size)

    def take(self, start_ms: int, end_ms: int) -> list[Keyframe]:
        """The keyframes of a stretch of time."""
        with self._lock:
            return super().take(start_ms, end_ms)


def _pace(spec: StreamSpec) -> float | None:
    """How many times its own speed; None for as fast as it goes."""
    if spec.speed == "max":
        return None
    return 1.0 if spec.speed == "live" else spec.speed


def _terms(line_up: Sequence[ProductDocument]) -> list[str]:
    """Names as they are spelt, for the ear."""
    names = (name for d in line_up for name in (d.record.name, d.record.brand) if name)
    return list(dict.fromkeys(names))[:_MOST_TERMS]
