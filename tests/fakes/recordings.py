"""Recordings made in a moment, and tools of the clip graph that tell what they were asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput
from domain.product import ProductDocument
from domain.progress import Progress, ProgressSink, discard, never
from domain.recording import Highlight, Jump, Segment, SpeechTag, TaggedUtterance
from domain.stream import Comment, ScreenLine
from domain.stream import Utterance as Sentence
from models.asr import Utterance, Word
from tests.fakes.media import RATE, tone, write_video

SPOKEN, SILENT = 16.0, 3.0
"""Seconds of a turn: one utterance, then a pause."""

SENTENCES = [
    "Hello and welcome to the show.",
    "This is the kiln mug.",
    "It costs nineteen dollars tonight.",
    "Now the linen dress.",
]


def find_loud(samples: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Speech is what is loud, in windows of 50 ms."""
    width = RATE // 20
    windows = samples[: samples.size // width * width].reshape(-1, width)
    heard = [*(np.abs(windows).max(axis=1) > 0.01), False]
    spans: list[tuple[int, int]] = []
    start = None
    for index, is_loud in enumerate(heard):
        if is_loud and start is None:
            start = index
        elif not is_loud and start is not None:
            spans.append((start * width, index * width))
            start = None
    return spans


def silence(seconds: float) -> NDArray[np.int16]:
    """Sound without a sound."""
    return np.zeros(int(seconds * RATE), np.int16)


def make_film(path: Path, turns: int = len(SENTENCES)) -> Path:
    """A film of as many turns, each a tone and a pause, its colour changing with them."""
    pictures = [np.full((90, 160, 3), 40 + 40 * n, np.uint8) for n in range(turns)]
    sound = np.concatenate([np.concatenate([tone(SPOKEN), silence(SILENT)]) for _ in range(turns)])
    return write_video(path, pictures, each=SPOKEN + SILENT, sound=sound)


@dataclass
class Hears:
    """Says the sentence of the turn that it hears; fails once it has heard `most` chunks."""

    name: str = "hears"
    most: int = 99
    heard: int = 0
    terms: tuple[str, ...] = ()
    before: Callable[[], None] = lambda: None

    def transcribe(
        self,
        path: Path,
        *,
        terms: Sequence[str] = (),
        language: str | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> list[Utterance]:
        """One sentence, its words half a second each."""
        self.before()
        if self.heard >= self.most:
            raise InvalidInput("the recogniser is gone", hint="start it again")
        self.terms = tuple(terms)
        text = SENTENCES[self.heard % len(SENTENCES)]
        self.heard += 1
        words = tuple(
            Word(1000 + 500 * n, 1500 + 500 * n, f" {word}", 0.9)
            for n, word in enumerate(text.split())
        )
        return [Utterance(1000, words[-1].end_ms, text, words)]


@dataclass
class Tags:
    """A classifier that tells a tag by a word of the text; keeps what it was asked."""

    asked: list[str] = field(default_factory=list[str])
    labels: tuple[str, ...] = tuple(SpeechTag)
    words: dict[str, SpeechTag] = field(
        default_factory=lambda: {
            "welcome": SpeechTag.GREETING,
            "mug": SpeechTag.PRODUCT_INTRO,
            "costs": SpeechTag.PRICE_PROMO,
            "dress": SpeechTag.PRODUCT_INTRO,
        }
    )

    def classify(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Sure of the tags whose words are there, and that there are no others."""
        self.asked += texts
        found = [{tag for word, tag in self.words.items() if word in text} for text in texts]
        odds = [[0.95 if tag in tags else 0.01 for tag in SpeechTag] for tags in found]
        return np.asarray(odds, np.float32)


@dataclass
class Scores:
    """Every second is as good as the next; keeps which comments it was given."""

    runs: int = 0
    comments: list[str] = field(default_factory=list[str])
    before: Callable[[], None] = lambda: None

    def __call__(
        self,
        path: Path,
        *,
        utterances: Sequence[Sentence] = (),
        comments: Sequence[Comment] = (),
        progress: ProgressSink = discard,
        cancelled: Callable[[], bool] = never,
    ) -> list[Highlight]:
        """One moment for each utterance."""
        self.before()
        self.runs += 1
        self.comments = [one.text for one in comments]
        progress(Progress(stage="highlights", message="looking", done=1, total=1))
        return [
            Highlight(start_ms=u.start_ms, end_ms=u.end_ms, score=0.5, signals={"motion": 0.5})
            for u in utterances
        ]


@dataclass
class Cuts:
    """A segment begins with each introduction; keeps the line-up and the cards it was given."""

    line_up: list[str] = field(default_factory=list[str])
    cards: list[str] = field(default_factory=list[str])

    def __call__(
        self,
        utterances: Sequence[TaggedUtterance],
        *,
        products: Sequence[ProductDocument],
        cuts_ms: Sequence[int] = (),
        cards: Sequence[ScreenLine] = (),
    ) -> list[Segment]:
        """Segments with one jump each."""
        self.line_up = [one.product_id for one in products]
        self.cards = [card.text for card in cards]
        firsts = [n for n, u in enumerate(utterances) if SpeechTag.PRODUCT_INTRO in u.tags] or [0]
        lasts = [*firsts[1:], len(utterances)]
        found: list[Segment] = []
        for number, (first, last) in enumerate(zip(firsts, lasts, strict=True), 1):
            begun, ended = utterances[first].utterance, utterances[last - 1].utterance
            jump = Jump(
                tag=SpeechTag.PRODUCT_INTRO, at_ms=begun.start_ms, utterance=first, text=begun.text
            )
            found.append(
                Segment(
                    number=number,
                    start_ms=begun.start_ms,
                    end_ms=ended.end_ms,
                    first=first,
                    last=last,
                    product_id=None,
                    title=begun.text,
                    jumps=(jump,),
                )
            )
        return found
