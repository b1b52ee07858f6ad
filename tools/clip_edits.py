"""Changes to a clip's timeline by a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from domain.clip import Clip, ClipStatus
from domain.errors import InvalidInput, NotFound
from domain.timeline import Aspect, Effects, Piece, Timeline
from tools.storylines import join_runs


def edit_timeline(
    timeline: Timeline,
    *,
    title: str | None = None,
    aspect: Aspect | None = None,
    effects: Mapping[str, Any] | None = None,
    order: Sequence[str] | None = None,
    second_texts: Mapping[str, str] | None = None,
) -> Timeline:
    """The next version with what is given changed.

    `effects` changes those that it names; `order` lists the pieces that stay, in their new order;
    `second_texts` gives what pieces say in the second language.

    Raises:
        InvalidInput: an effect does not take its value, or no piece is left.
        NotFound: a piece that is named is not in the timeline.
    """
    change: dict[str, Any] = {"version": timeline.version + 1}
    if title is not None:
        change["title"] = title
    if aspect is not None:
        change["aspect"] = aspect
    if effects is not None:
        try:
            change["effects"] = Effects.model_validate({**timeline.effects.model_dump(), **effects})
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in wrong["loc"])
            raise InvalidInput(
                f"effects.{place}: {wrong['msg']}.", hint="See the timeline's own effects."
            ) from error
    pieces = {piece.piece_id: piece for piece in timeline.pieces}
    for piece_id, text in (second_texts or {}).items():
        piece = _piece(pieces, piece_id)
        pieces[piece_id] = piece.model_copy(update={"second_text": text})
    kept = [_piece(pieces, one) for one in (order if order is not None else pieces)]
    if not kept or len({one.piece_id for one in kept}) < len(kept):
        raise InvalidInput(
            "The order names no piece, or one twice.", hint="List each piece that stays once."
        )
    change["pieces"] = join_runs(kept)
    return timeline.model_copy(update=change)


def edit_words(timeline: Timeline, piece_id: str, texts: Mapping[int, str]) -> Timeline:
    """The next version with words of a piece spelt otherwise; they keep their times.

    An empty text hides a word from the subtitles.

    Raises:
        NotFound: there is no such piece or word.
    """
    pieces = {piece.piece_id: piece for piece in timeline.pieces}
    words = list(_piece(pieces, piece_id).words)
    for number, text in texts.items():
        if not 0 <= number < len(words):
            raise NotFound(
                f"Piece {piece_id} has no word {number}.",
                hint=f"Its words are 0 to {len(words) - 1}.",
            )
        words[number] = words[number].model_copy(update={"text": text})
    pieces[piece_id] = pieces[piece_id].model_copy(update={"words": tuple(words)})
    return timeline.model_copy(
        update={"version": timeline.version + 1, "pieces": tuple(pieces.values())}
    )


def changed(clip: Clip, timeline: Timeline) -> Clip:
    """The clip with another timeline; it is to be checked and rendered again."""
    status = ClipStatus.ARRANGED if clip.rendered is None else ClipStatus.CHANGED
    return clip.model_copy(update={"timeline": timeline, "status": status})


def _piece(pieces: Mapping[str, Piece], piece_id: str) -> Piece:
    piece = pieces.get(piece_id)
    if piece is None:
        raise NotFound(
            f"The timeline has no piece {piece_id}.", hint=f"It has {', '.join(pieces)}."
        )
    return piece
