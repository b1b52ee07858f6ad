"""A storyline as a timeline: pieces with their words, and pictures that look better."""

from collections.abc import Sequence
from itertools import pairwise

from domain.clip_brief import ClipBrief
from domain.recording import Candidate, Highlight, TaggedUtterance
from domain.storyline import Filled, Storyline
from domain.stream import Utterance
from domain.timeline import ClipWord, Effects, Piece, Timeline

BETTER = 0.15
"""By how much another picture has to look better, from 0 to 1, to take the place of the own."""
FACELESS = 0.25
"""The signal `person` below which nobody is seen to speak, from 0 to 1."""


def write_timeline(
    storyline: Storyline,
    tagged: Sequence[TaggedUtterance],
    *,
    timeline_id: str,
    recording_id: str,
    brief: ClipBrief,
    product_id: str | None,
    lang: str,
    title: str,
    highlights: Sequence[Highlight] = (),
    candidates: Sequence[Candidate] = (),
) -> Timeline:
    """The timeline of a storyline, its cuts at the edges of its words.

    A picture of another moment is shown only where it looks better, lasts long enough, and neither
    it nor the own picture shows a person: nobody is seen to say what is not heard.
    """
    pieces: list[Piece] = []
    for number, part in enumerate(storyline.parts):
        said = [one.utterance for one in tagged[part.first : part.last]]
        pieces.append(
            Piece(
                piece_id=f"p{number + 1}",
                start_ms=part.start_ms,
                end_ms=part.end_ms,
                picture_ms=_picture(part, candidates, highlights),
                words=tuple(word for one in said for word in words_of(one)),
                tags=() if part.tag is None else (part.tag,),
                segment=part.segment,
            )
        )
    return Timeline(
        timeline_id=timeline_id,
        recording_id=recording_id,
        product_id=product_id,
        lang=lang,
        title=title,
        aspect=brief.aspect,
        pieces=join_runs(pieces),
        effects=Effects(
            theme=brief.theme,
            subtitles=brief.subtitles,
            second_language=brief.second_language,
            bgm=brief.bgm,
        ),
    )


def words_of(said: Utterance) -> list[ClipWord]:
    """The words of an utterance; one that has none is a single word."""
    words = [ClipWord(text=w.text, start_ms=w.start_ms, end_ms=w.end_ms) for w in said.words]
    return words or [ClipWord(text=said.text, start_ms=said.start_ms, end_ms=said.end_ms)]


def join_runs(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces with what runs on in the recording told from what does not."""
    nexts = [after.start_ms == one.end_ms for one, after in pairwise(pieces)]
    return tuple(
        piece.model_copy(update={"gap_after": not runs_on})
        for piece, runs_on in zip(pieces, [*nexts, False], strict=False)
    )


def _picture(
    part: Filled, candidates: Sequence[Candidate], highlights: Sequence[Highlight]
) -> int | None:
    """Where a better picture of the same begins; None to keep the own."""
    if _shows_person(highlights, part.start_ms, part.end_ms):
        return None
    own = part.appeal
    same = [c for c in candidates if c.tag is part.tag and c.segment == part.segment]
    for picture in sorted((p for c in same for p in c.pictures), key=lambda p: -p.score):
        long_enough = picture.end_ms - picture.start_ms >= part.duration_ms
        apart = picture.end_ms <= part.start_ms or picture.start_ms >= part.end_ms
        if picture.score < own + BETTER:
            return None
        if (
            long_enough
            and apart
            and not _shows_person(highlights, picture.start_ms, picture.start_ms + part.duration_ms)
        ):
            return picture.start_ms
    return None


def _shows_person(highlights: Sequence[Highlight], start_ms: int, end_ms: int) -> bool:
    """Whether somebody may be seen; what was not looked at may show anybody."""
    over = [h for h in highlights if h.start_ms < end_ms and h.end_ms > start_ms]
    return not over or any(h.signals.get("person", 1.0) >= FACELESS for h in over)
