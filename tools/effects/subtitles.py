"""Subtitles in ASS markup: the word that is said, numbers and names stand out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pysubs2

from domain.quantities import find_quantities
from domain.timeline import Aspect
from tools.effects.cues import Cue, CueWord, clean, cue_words, glue, join_words
from tools.effects.drawing import break_words
from tools.effects.fonts import Font
from tools.effects.theme import SubtitleLook, safe_areas
from tools.film.layout import Layout
from tools.film.overlays import Line

_PANEL = 4
"""libass: one panel behind the whole of an event; its margin is the shadow's depth."""
_PAUSES = frozenset(",.!?;:，。！？；：、")


@dataclass(frozen=True)
class Place:
    """Where subtitles stand: the middle of the block, as a part of the frame's height."""

    name: str
    middle: float


PLACES = (
    Place("low", 0.0),
    Place("lower middle", 0.62),
    Place("middle", 0.5),
    Place("upper", 0.22),
)
"""Tried in this order; `low` lies as low as the safe area lets it."""


@dataclass(frozen=True)
class Setting:
    """What subtitles are set with."""

    look: SubtitleLook
    font: Font
    aspect: Aspect
    size: tuple[int, int]

    @property
    def text_size(self) -> int:
        """Pixels."""
        return round(self.look.size * min(self.size))

    @property
    def second_size(self) -> int:
        """Pixels of the second language."""
        return round(self.look.second_size * min(self.size))

    @property
    def room(self) -> float:
        """Pixels for a line, centred in the frame."""
        safe = safe_areas()[self.aspect]
        return self.size[0] * (1 - 2 * max(safe.left, safe.right))

    @property
    def block(self) -> float:
        """The height of two lines, and two of the second language, in parts of the frame."""
        return (2 * self.text_size + 2 * self.second_size) * 1.3 / self.size[1]

    def measure(self, text: str) -> float:
        """Pixels of a line."""
        shown = text.upper() if self.look.upper_case else text
        return self.font.sized(self.text_size).getlength(shown) * 1.02

    def middle_of(self, place: Place) -> float:
        """Where the block's middle lies, as a part of the frame's height."""
        if place.name != "low":
            return place.middle
        return 1 - safe_areas()[self.aspect].bottom - self.block / 2


def write_subtitles(
    layout: Layout,
    setting: Setting,
    *,
    names: Sequence[str],
    second: bool,
    place_of: Callable[[str], Place],
) -> tuple[str, tuple[Line, ...], list[Cue]]:
    """The head of the ASS script, its lines by frame, and the cues they were made from.

    `place_of` gives the place of each piece's lines. With `second` a piece's `second_text` stands
    below them, split as the cues are.
    """
    cues = cue_words(layout, room=setting.room, measure=setting.measure)
    lines: list[Line] = []
    for placed in layout.pieces:
        own = [cue for cue in cues if cue.piece_id == placed.piece.piece_id]
        seconds = _split_second(placed.piece.second_text, own, setting) if second else []
        for number, cue in enumerate(own):
            below = seconds[number] if number < len(seconds) else ""
            middle = setting.middle_of(place_of(cue.piece_id))
            lines += _lines(cue, below, middle, setting, names)
    return _head(setting), tuple(lines), cues


def _lines(
    cue: Cue, below: str, middle: float, setting: Setting, names: Sequence[str]
) -> list[Line]:
    marked = _marked(cue, names)
    x, y = round(setting.size[0] / 2), round(setting.size[1] * middle)
    tail = f"\\N{{\\rSecond}}{_escape(below)}" if below else ""
    head = f"{{\\an5\\pos({x},{y})}}"
    if setting.look.spoken is None:
        return [Line(cue.first, cue.end, "Main", head + _text(cue, None, marked, setting) + tail)]
    found: list[Line] = []
    words = cue.words
    for number, word in enumerate(words):
        end = words[number + 1].first if number + 1 < len(words) else cue.end
        if number == 0 and cue.first < word.first:
            found.append(
                Line(cue.first, word.first, "Main", head + _text(cue, None, marked, setting) + tail)
            )
        if end > word.first:
            text = _text(cue, number, marked, setting)
            found.append(Line(word.first, end, "Main", head + text + tail))
    return found


def _text(cue: Cue, spoken: int | None, marked: set[int], setting: Setting) -> str:
    """The cue's markup; neighbours that look alike share one run, so that they are set as one."""
    look = setting.look
    lines: list[str] = []
    number = 0
    for line in cue.lines:
        written = style = ""
        before: CueWord | None = None
        for word in line:
            scale = f"\\fscx{look.emphasis_scale}\\fscy{look.emphasis_scale}"
            wanted = ""
            if number == spoken and look.spoken is not None:
                wanted = f"\\c{_colour(look.spoken)}" + (scale if number in marked else "")
            elif number in marked:
                wanted = f"\\c{_colour(look.emphasis)}{scale}"
            gap = glue(before.text, word.text) if before is not None else ""
            change = "" if wanted == style else f"{{\\r{wanted}}}"
            shown = _escape(word.text.upper() if look.upper_case else word.text)
            written += gap + change + shown
            style, before = wanted, word
            number += 1
        lines.append(written + ("{\\r}" if style else ""))
    return "\\N".join(lines)


def _marked(cue: Cue, names: Sequence[str]) -> set[int]:
    """Words that hold a quantity, or belong to a name."""
    text = ""
    spans: list[tuple[int, int]] = []
    before: CueWord | None = None
    for word in cue.words:
        text += glue(before.text, word.text) if before else ""
        spans.append((len(text), len(text) + len(word.text)))
        text += word.text
        before = word
    found = [(q.start, q.end) for q in find_quantities(text) if any(map(str.isdigit, q.text))]
    found += [(q.start, q.end) for q in find_quantities(text) if q.unit]
    folded = text.casefold()
    for name in names:
        at = folded.find(name.casefold()) if name else -1
        if at >= 0:
            found.append((at, at + len(name)))
    return {
        number
        for number, (start, end) in enumerate(spans)
        if any(start < stop and begin < end for begin, stop in found)
    }


def _split_second(text: str, cues: Sequence[Cue], setting: Setting) -> list[str]:
    """The second language's text over the cues, by how much is said in each."""
    parts = break_words(clean(text))
    if not cues or not parts:
        return []
    total = sum(len(cue.text) for cue in cues)
    shares: list[str] = []
    said = at = 0
    for number, cue in enumerate(cues):
        said += len(cue.text)
        until = len(parts)
        if number < len(cues) - 1:
            until = _near_pause(parts, round(len(parts) * said / total), len(parts) // len(cues))
        shares.append(_wrap_second(parts[at:until], setting))
        at = max(at, until)
    return shares


def _near_pause(parts: Sequence[str], at: int, room: int) -> int:
    """The place nearest to `at`, within half of `room`, that follows punctuation; else `at`."""
    near = range(max(1, at - room // 2), min(len(parts), at + room // 2) + 1)
    pauses = [n for n in near if parts[n - 1][-1] in _PAUSES]
    return min(pauses, key=lambda n: abs(n - at), default=at)


def _wrap_second(parts: Sequence[str], setting: Setting) -> str:
    face = setting.font.sized(setting.second_size)
    text = join_words(parts)
    if face.getlength(text) <= setting.room or len(parts) < 2:
        return text
    halves = [(join_words(parts[:n]), join_words(parts[n:])) for n in range(1, len(parts))]
    return "\n".join(min(halves, key=lambda both: max(map(face.getlength, both))))


def _head(setting: Setting) -> str:
    width, height = setting.size
    look = setting.look
    script = pysubs2.SSAFile()
    script.info.update(
        {
            "PlayResX": str(width),
            "PlayResY": str(height),
            "WrapStyle": "2",
            "ScaledBorderAndShadow": "yes",
            "YCbCr Matrix": "TV.709",
        }
    )
    script.styles.clear()
    short = min(width, height)
    panel = look.box is not None
    edge = look.box if look.box is not None else look.outline_colour
    opacity = look.box_opacity if panel else 1.0
    style = pysubs2.SSAStyle(
        fontname=setting.font.family,
        fontsize=setting.text_size,
        bold=True,
        primarycolor=_rgb(look.colour),
        outlinecolor=_rgb(edge, opacity),
        backcolor=_rgb(edge, opacity if panel else 0.5),
        borderstyle=_PANEL if panel else 1,
        outline=0 if panel else short * look.outline,
        shadow=short * 0.014 if panel else short * look.shadow,
        alignment=pysubs2.Alignment.MIDDLE_CENTER,
    )
    script.styles["Main"] = style
    second = style.copy()
    second.fontsize = setting.second_size
    script.styles["Second"] = second
    return script.to_string("ass")


def _rgb(colour: str, opacity: float = 1.0) -> pysubs2.Color:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return pysubs2.Color(red, green, blue, round(255 * (1 - opacity)))


def _colour(colour: str) -> str:
    return f"&H{colour[5:7]}{colour[3:5]}{colour[1:3]}&".upper()


def _escape(text: str) -> str:
    safe = text.replace("\\", "＼").replace("{", "\\{").replace("}", "\\}")
    return safe.replace("\n", "\\N")
