"""Where a timeline's pieces lie in the clip, for files that speak of it."""

from domain.timeline import Timeline
from tools.effects.theme import load_theme
from tools.film.layout import Layout, lay_out


def clip_layout(timeline: Timeline) -> Layout:
    """The layout that the clip is rendered with, its cards included.

    Raises:
        NotFound: there is no such theme.
        InvalidInput: the timeline's pieces make no sense.
    """
    card_ms = round(load_theme(timeline.effects.theme).cards.seconds * 1000)
    return lay_out(
        timeline,
        intro_ms=card_ms if timeline.effects.intro else 0,
        outro_ms=card_ms if timeline.effects.outro else 0,
    )
