"""What a clip wears: its framing, its text, its stickers and cards, as the timeline asks."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import InvalidInput
from domain.timeline import Timeline
from tools.effects.cards import draw_card
from tools.effects.cues import Cue
from tools.effects.fonts import find_font
from tools.effects.stickers import place_stickers
from tools.effects.subtitles import PLACES, Place, Setting, write_subtitles
from tools.effects.theme import Theme
from tools.film.assets import Assets
from tools.film.ffmpeg import Cancelled
from tools.film.framing import CentreFramer
from tools.film.layout import Layout, Placed
from tools.film.overlays import Overlays
from tools.film.shots import FramedSpan, Framer, Transition
from tools.film.source import Recorded
from tools.reframing.following import FollowFramer
from tools.reframing.placing import Cover, cover_of, covered, whole_cover
from tools.reframing.watching import Watched, watch

_ENOUGH_ROOM = 0.06
_TRANSITIONS: dict[str | None, Transition | None] = {
    None: None, "cut": None, "fade": "fade", "slide": "slide",
}  # fmt: skip


@dataclass(frozen=True)
class Dress:
    """What shots are made with, and the cues that subtitle files are written from."""

    spans: dict[str, list[FramedSpan]]
    watched: dict[str, Watched]
    overlays: Overlays
    cues: tuple[Cue, ...]
    cards: dict[str, tuple[Path, str]]
    notes: tuple[str, ...] = field(default=())

    def frame(self, placed: Placed) -> Sequence[FramedSpan]:
        """The framer that `plan_shots` asks."""
        return self.spans[placed.piece.piece_id]


def choose_transition(timeline: Timeline, theme: Theme) -> Transition | None:
    """The transition that is meant; `theme` takes the theme's, None and `cut` are none.

    Raises:
        InvalidInput: there is no such transition.
    """
    wanted = timeline.effects.transition
    if wanted == "theme":
        wanted = theme.transition
    if wanted not in _TRANSITIONS:
        raise InvalidInput(
            f"There is no transition {wanted}.", hint="Choose cut, fade, slide or theme."
        )
    return _TRANSITIONS[wanted]


def dress(
    timeline: Timeline,
    recorded: Recorded,
    layout: Layout,
    theme: Theme,
    size: tuple[int, int],
    *,
    work: Path,
    assets: Assets,
    cancelled: Cancelled,
) -> Dress:
    """Look through the pieces where an effect needs it, and make what lies over them."""
    effects = timeline.effects
    notes: list[str] = []
    free = [s for s in effects.stickers if s.x is None or s.y is None]
    watched: dict[str, Watched] = {}
    if effects.follow_subject or effects.subtitles or effects.cover or free:
        exact = effects.follow_subject
        watched = _watch_all(recorded, layout, work / "watched", assets, exact, cancelled)
    framer: Framer = CentreFramer(recorded.width, recorded.height, size)
    if effects.follow_subject:
        framer = FollowFramer(recorded, watched, size, float(layout.rate))
        if assets.person is None:
            notes.append("no model finds persons here: the subject was followed by motion")
    spans = {placed.piece.piece_id: list(framer(placed)) for placed in layout.pieces}
    if any(span.framing.mode == "fit" for own in spans.values() for span in own):
        notes.append("where the subject is too wide for the frame it is shown whole")
    taken = _taken(recorded, layout, spans, watched, size)
    overlays, cues = _subtitle(timeline, layout, theme, size, assets, taken, notes)
    drawings = place_stickers(
        effects.stickers,
        theme,
        layout,
        aspect=timeline.aspect,
        size=size,
        fonts=assets.fonts,
        taken=whole_cover(taken) if taken else None,
        folder=work / "drawn",
    )
    cards = {
        text: draw_card(text, theme, size, fonts=assets.fonts, folder=work / "drawn")
        for text in (effects.intro, effects.outro)
        if text
    }
    return Dress(
        spans,
        watched,
        Overlays(overlays.styles, overlays.lines, overlays.fonts, tuple(drawings)),
        tuple(cues),
        cards,
        tuple(notes),
    )


def _watch_all(
    recorded: Recorded,
    layout: Layout,
    kept: Path,
    assets: Assets,
    exact: bool,
    cancelled: Cancelled,
) -> dict[str, Watched]:
    def look(placed: Placed) -> tuple[str, Watched]:
        seen = watch(
            recorded,
            placed.seen,
            placed.frames,
            layout.rate,
            person=assets.person,
            kept=kept,
            cancelled=cancelled,
            exact=exact,
        )
        return placed.piece.piece_id, seen

    with ThreadPoolExecutor(max(1, min(2, assets.threads))) as pool:
        return dict(pool.map(look, layout.pieces))


def _taken(
    recorded: Recorded,
    layout: Layout,
    spans: dict[str, list[FramedSpan]],
    watched: dict[str, Watched],
    size: tuple[int, int],
) -> dict[str, Cover]:
    return {
        placed.piece.piece_id: covered(
            recorded, placed, spans[placed.piece.piece_id], watched[placed.piece.piece_id], size
        )
        for placed in layout.pieces
        if placed.piece.piece_id in watched
    }


def _subtitle(
    timeline: Timeline,
    layout: Layout,
    theme: Theme,
    size: tuple[int, int],
    assets: Assets,
    taken: dict[str, Cover],
    notes: list[str],
) -> tuple[Overlays, list[Cue]]:
    effects = timeline.effects
    said = "".join(w.text for piece in timeline.pieces for w in piece.words)
    if not effects.subtitles or not said.strip():
        return Overlays(), []
    second = effects.second_language is not None
    below = "".join(piece.second_text for piece in timeline.pieces) if second else ""
    font = find_font(assets.fonts, text=said + below)
    setting = Setting(theme.subtitles, font, timeline.aspect, size)
    place = _choose_place(setting, taken)
    if place is not PLACES[0]:
        notes.append(f"subtitles stand {place.name}, where the picture leaves room")
    head, lines, cues = write_subtitles(
        layout, setting, names=assets.names, second=second, place_of=lambda _: place
    )
    return Overlays(head, lines, (font.file,)), cues


def _choose_place(setting: Setting, taken: dict[str, Cover]) -> Place:
    """The first place that is free enough in all of the clip, else the freest."""
    if not taken:
        return PLACES[0]
    whole = whole_cover(taken)
    left = (1 - setting.room / setting.size[0]) / 2

    def cost(place: Place) -> float:
        middle = setting.middle_of(place)
        half = setting.block / 2
        return cover_of(whole, (left, middle - half, 1 - left, middle + half))

    costs = [cost(place) for place in PLACES]
    for place, found in zip(PLACES, costs, strict=True):
        if found <= _ENOUGH_ROOM:
            return place
    return PLACES[costs.index(min(costs))]
