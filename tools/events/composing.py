"""An event put together from its rows, and two events made one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from domain.stream import Comment, Event, Keyframe, ScreenLine, Utterance
from tools.events.boundaries import Said
from tools.events.captions import compose_caption
from tools.on_air import OnAir

_MOST_LINES = 40


@dataclass(frozen=True)
class Rows:
    """What belongs to an event; screen lines and comments with their numbers in the log."""

    said: Sequence[Said] = ()
    lines: Sequence[tuple[int, ScreenLine]] = field(default_factory=tuple[tuple[int, ScreenLine]])
    comments: Sequence[tuple[int, Comment]] = field(default_factory=tuple[tuple[int, Comment]])


def compose_event(
    event_id: str,
    rows: Rows,
    span: tuple[int, int],
    at_ms: int,
    *,
    keyframes: Sequence[Keyframe] = (),
    on_air: OnAir | None = None,
) -> Event:
    """The event of `span` that was decided on at `at_ms`."""
    seqs = [said.seq for said in rows.said]
    seqs += [seq for seq, _ in (*rows.lines, *rows.comments)]
    shown = tuple(dict.fromkeys(row.text for _, row in rows.lines))[:_MOST_LINES]
    return Event(
        event_id=event_id,
        start_ms=span[0],
        end_ms=span[1],
        available_at_ms=at_ms,
        transcript="\n".join(said.row.text for said in rows.said),
        on_screen=shown,
        questions=tuple(row.text for _, row in rows.comments if row.is_question)[:_MOST_LINES],
        products=_products(rows, at_ms, on_air),
        keyframes=tuple(keyframes),
        caption=_caption(rows.said, shown, _chatted(rows.comments)),
        first_seq=min(seqs),
        last_seq=max(seqs),
    )


def merge_events(last: Event, event: Event, said: Sequence[Said], *, most_keyframes: int) -> Event:
    """`last` grown by `event`; `said` is what was said in both."""
    shown = tuple(dict.fromkeys((*last.on_screen, *event.on_screen)))[:_MOST_LINES]
    return last.model_copy(
        update={
            "end_ms": event.end_ms,
            "available_at_ms": event.available_at_ms,
            "transcript": f"{last.transcript}\n{event.transcript}",
            "on_screen": shown,
            "questions": (*last.questions, *event.questions)[:_MOST_LINES],
            "products": tuple(dict.fromkeys((*last.products, *event.products))),
            "keyframes": (*last.keyframes, *event.keyframes)[:most_keyframes],
            "caption": _caption(said, shown),
            "caption_by": event.caption_by,
            "first_seq": min(last.first_seq, event.first_seq),
            "last_seq": max(last.last_seq, event.last_seq),
        }
    )


def _caption(said: Sequence[Said], shown: Sequence[str], chatted: Sequence[str] = ()) -> str:
    vectors = np.array([s.vector for s in said])
    return compose_caption([s.row.text for s in said], vectors, shown, chatted)


def _chatted(comments: Sequence[tuple[int, Comment]]) -> Sequence[str]:
    """What viewers wrote, questions first, each once."""
    ordered = sorted((row for _, row in comments), key=lambda row: row.is_question is not True)
    return list(dict.fromkeys(row.text for row in ordered))


def _products(rows: Rows, at_ms: int, on_air: OnAir | None) -> tuple[str, ...]:
    """On air in the event, the longest first."""
    time: dict[str, int] = {}
    for row in [said.row for said in rows.said] or [row for _, row in rows.lines]:
        given = row.product_id if isinstance(row, Utterance) else None
        product = given or (on_air.product_at(row.start_ms, as_of_ms=at_ms) if on_air else None)
        if product is not None:
            time[product] = time.get(product, 0) + row.end_ms - row.start_ms
    return tuple(sorted(time, key=lambda product: -time[product]))
