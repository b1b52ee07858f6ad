"""What of a stream can be found, and by which words."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from domain.lexicon import find_fields, find_terms
from domain.stream import (
    Comment,
    Event,
    EventLevel,
    LiveFact,
    LogEntry,
    ScreenLine,
    Utterance,
)
from models.embeddings import Vectors
from stores.recall import Passage
from tools.questions.reading import content_words
from tools.spoken import normalise_spoken


class ProductAt(Protocol):
    """Which product was on air at a moment, as far as it could be told by another."""

    def __call__(self, at_ms: int, *, as_of_ms: int | None = None) -> str | None:
        """The product's id; None for none."""
        ...


EmbedPassages = Callable[[Sequence[str]], Vectors]

SEARCHED_LEVELS: tuple[EventLevel, ...] = ("event", "topic")
"""Minutes and the whole stream repeat what these say."""

_FOUND = (Utterance, ScreenLine, Comment, LiveFact)
"""Rows of the other kinds repeat what these say, or are about the stream itself."""


def memory_terms(text: str) -> frozenset[str]:
    """Words, Chinese pairs of characters, numbers in digits, and what both languages share.

    The last are concepts of the lexicon: `colour:navy` is said in English as in Chinese.
    """
    spoken = normalise_spoken(text)
    shared = {f"{term.cls}:{term.concept}" for term in find_terms(spoken)}
    return content_words(spoken) | shared | {f"field:{term.concept}" for term in find_fields(text)}


def log_ref(seq: int) -> str:
    """The ref of a row of the log."""
    return f"log:{seq}"


def log_passages(
    entries: Sequence[LogEntry], embed: EmbedPassages, product_at: ProductAt | None
) -> list[Passage]:
    """What was said, shown, asked and stated; what viewers chat has words only."""
    told = [entry for entry in entries if isinstance(entry.row, _FOUND)]
    meant = [entry.row.text for entry in told if _is_found_by_meaning(entry)]
    if not told:
        return []
    embedded = embed(meant or [""])
    vectors = np.zeros((len(told), embedded.shape[1]), np.float32)
    vectors[[_is_found_by_meaning(entry) for entry in told]] = embedded[: len(meant)]
    return [
        Passage(
            ref=log_ref(entry.seq),
            kind=entry.row.kind,
            digest="",
            product_id=_product(entry, product_at),
            start_ms=entry.row.start_ms,
            end_ms=entry.row.end_ms,
            available_ms=entry.row.valid_from_ms,
            terms=memory_terms(entry.row.text),
            vector=vector,
        )
        for entry, vector in zip(told, vectors, strict=True)
    ]


def _is_found_by_meaning(entry: LogEntry) -> bool:
    return not isinstance(entry.row, Comment) or entry.row.is_question is True


def event_ref(event: Event) -> str:
    """The ref of an event, whatever its version."""
    return f"event:{event.event_id}"


def event_digest(event: Event) -> str:
    """Tells versions of an event apart."""
    return hashlib.sha256(event.model_dump_json().encode()).hexdigest()[:16]


def event_passages(events: Sequence[Event], embed: EmbedPassages) -> list[Passage]:
    """Events as passages: found by all their words, and by the meaning of their captions."""
    told = [event for event in events if event.level in SEARCHED_LEVELS]
    if not told:
        return []
    vectors = embed([event.caption for event in told])
    return [
        Passage(
            ref=event_ref(event),
            kind="event",
            digest=event_digest(event),
            product_id=event.products[0] if event.products else None,
            start_ms=event.start_ms,
            end_ms=event.end_ms,
            available_ms=event.available_at_ms,
            terms=memory_terms("\n".join((event.caption, event.transcript, *event.on_screen))),
            vector=vector,
        )
        for event, vector in zip(told, vectors, strict=True)
    ]


def _product(entry: LogEntry, product_at: ProductAt | None) -> str | None:
    row = entry.row
    given = row.product_id if isinstance(row, Utterance | LiveFact) else None
    return given or (product_at(row.start_ms, as_of_ms=row.valid_from_ms) if product_at else None)
