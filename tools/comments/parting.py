"""Where a row parts into user and text: by tone, by a colon, by a mask, by a seam."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tools.comments.ink import HEIGHT, Ink
from tools.comments.notices import is_tail
from tools.comments.rows import Row, cut_row, is_wide, measure, width_of

_NEAR = 14.0  # CIE L*a*b* distance below which two colours of writing are one
_APART = 6.0  # least distance by which a name's colour departs from its text's
_LEAK = 0.4  # of what lies behind that thin strokes let through
_LIKE = 0.22
_HINT = 0.08  # enough where a blank stands
_WRITTEN = 0.45 * HEIGHT  # rows of ink in a column, above which it is of a picture or a mark
_BROAD = 1.35  # times the other blanks of the row
_LONGEST_NAME = 17.0  # em
_TORN_WORD = 2.5  # em that an end within a word costs
_PLAINLY = 30.0  # L*a*b* distance at which a name may end within a word
_WORD = 0.35  # em that each word of a name after the first costs
_BLANK, _NEAR_GAP = 0.24, 0.5  # em
_LOOSE = re.compile(r"[，。！？、；（）【】“”…]")  # full-width marks bring gaps of their own
_BLUR = 0.3  # em by which a sign's place may be off
_OPENS = '@¿¡#$￥¥"“‘('
COLONS = ":：︰∶﹕"
"""What stands between a user and a text, as OCR reads it."""

_COLON = re.compile(rf"\s*[{COLONS};；]+\s*")
_MASKED = re.compile(r"^(?:.?[*＊]{2,4}|[^\W\d][*＊])(?:[^\s*]{1,2}(?=\W)|[^\s*])?")
_STAMP = re.compile(
    r"[\s·]*(\d{1,2}[:：]\d{2}([:：]\d{2})?( ?[ap]m)?|\d{1,2} ?(min|[smhd])( ago)?|刚刚)$", re.I
)
_MISREAD = re.compile(r"^[\[|](?=[*＊]{2})")  # an l before a mask
_EDGES = COLONS + ";；,，·|- "

Colour = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cut:
    """A row parted before sign `at`: what says so, and whether a colon stands there.

    `contrast` is the distance in L*a*b* between the colours on both sides, 0 where colour says
    nothing. `other` is the colon that stands elsewhere than where the colour changes.
    """

    at: int
    contrast: float = 0.0
    colon: bool = False
    mask: bool = False
    seam: bool = False
    other: "Cut | None" = None


def main_colour(rows: Sequence[Row]) -> Colour | None:
    """The colour in which most is written at the ends of the rows: that of the texts."""
    found = [
        (colour, row.right - row.left)
        for row in rows
        if row.ink is not None and (colour := row.ink.mean(0.55, 1.0)) is not None
    ]
    if not found:
        return None
    colours = np.stack([colour for colour, _ in found])
    weights = np.asarray([weight for _, weight in found])
    distance = np.linalg.norm(colours[:, None] - colours[None], axis=2)
    votes = (np.where(distance < _NEAR, 1 - distance / (2 * _NEAR), 0) * weights).sum(axis=1)
    best = int(votes.argmax())
    near = distance[best] < _NEAR
    return np.asarray(np.average(colours[near], axis=0, weights=weights[near]), np.float32)


def strays(row: Row, colour: Colour) -> float:
    """How far the whole row's writing is from the colour of a tone, in L*a*b*."""
    mean = row.ink.mean() if row.ink is not None else None
    return 0.0 if mean is None else float(np.linalg.norm(mean[:3] - colour[:3]))


def find_cut(row: Row, colour: Colour | None) -> Cut | None:
    """Where the user's name ends and the text begins, if anything says so.

    A mask (`t**3`) is surest, then a change of colour, moved to the colon beside it, then a colon.
    """
    colon, mask = _colon_cut(row.text), _mask_cut(row.text)
    found = _colour_cut(row, colour) if colour is not None else None
    if found is None:
        return mask or colon
    at, contrast = found
    place = row.edges[at]
    if mask is not None and not mask.colon and mask.at - 3 < at < mask.at and at in _torn(row):
        return replace(mask, at=at, contrast=contrast)
    for cut in (mask, colon):
        if cut is not None and _apart(row, cut.at, place) < 1.6:
            return replace(cut, contrast=contrast)
    if mask is not None:
        return mask
    if not row.text[:at].strip(_EDGES):
        return colon
    return Cut(at, contrast, seam=at in row.seams, other=colon)


def _colon_cut(text: str) -> Cut | None:
    for found in _COLON.finditer(text):
        head, tail = text[: found.start()], text[found.end() :]
        if not head.strip() or measure(head) > _LONGEST_NAME:
            return None
        if tail[:1].isdigit() and head[-1:].isdigit() and re.search(r"(^|\s)\d{1,2}$", head):
            continue  # a time of day
        if tail.startswith("//"):
            continue
        return Cut(found.end(), colon=True)
    return None


def _mask_cut(text: str) -> Cut | None:
    found = _MASKED.match(text)
    if found is None or found.end() < 3 or found.end() >= len(text):
        return None
    stars = max(text.rfind(star, 0, found.end()) for star in "*＊") + 1
    if is_tail(text[stars:]):
        return Cut(stars, mask=True)
    after = _COLON.match(text, found.end())
    return Cut(after.end() if after else found.end(), colon=after is not None, mask=True)


def _colour_cut(row: Row, colour: Colour) -> tuple[int, float] | None:
    """The sign at which writing turns to `colour`, and by how much it changes."""
    if row.ink is None or row.ink.amount.sum() < HEIGHT:
        return None
    weight = np.minimum(row.ink.amount, _WRITTEN)
    along = _evened(_clear_tone(row.ink), weight)
    n = len(weight)
    low, high = int(HEIGHT * 0.5), n - int(HEIGHT * 0.3)
    if high <= low:
        return None
    mass = np.cumsum(weight)
    moment = np.cumsum(along * weight[:, None], axis=0)
    part, rest = mass[low:high, None], np.maximum(mass[-1] - mass[low:high, None], 0)
    left, right = moment[low:high] / np.maximum(part, 1), (moment[-1] - moment[low:high])
    right = right / np.maximum(rest, 1)
    between = np.linalg.norm(left - right, axis=1) * np.sqrt(part * rest)[:, 0]
    best = int(between.argmax())
    before, after = left[best], right[best]
    contrast = float(np.linalg.norm(before - after))
    if contrast < _APART or np.linalg.norm(before - colour) < np.linalg.norm(after - colour) + 2:
        return None
    axis = (before - after) / contrast
    away = along - after
    away[: low + best] = along[: low + best] - before
    spread = float(np.sqrt(np.average((away @ axis) ** 2, weights=weight)))
    if contrast <= 2.2 * spread:
        return None
    sides = np.linalg.norm(along - after, axis=1) - np.linalg.norm(along - before, axis=1)
    at = _turning_sign(row, sides * weight / contrast)
    if at is None or (_breaks(row)[at] >= _TORN_WORD and contrast < _PLAINLY):
        return None
    return at, contrast


def name_tone(rows: Sequence[tuple[Row, Cut]]) -> Colour | None:
    """The tone that all names share, None where each has its own or too few are known."""
    found = [cut_row(row, cut.at)[0] for row, cut in rows if cut.contrast]
    tones = [
        tone for head in found if head.ink is not None and (tone := head.ink.mean()) is not None
    ]
    if len(tones) < 3:
        return None
    middle = np.median(np.stack(tones), axis=0)
    away = float(np.median([np.linalg.norm(tone - middle) for tone in tones]))
    usual = float(np.median([cut.contrast for _, cut in rows if cut.contrast]))
    return middle.astype(np.float32) if away < 0.45 * usual else None


def recut(row: Row, text: Colour, name: Colour | None, usual: float) -> Cut | None:
    """The cut of a row that needs no more than a likeness to the names and texts around it.

    `text` and `name` are tones; where names have no common one they are `usual` away from `text`.
    """
    if row.ink is None or row.ink.amount.sum() < HEIGHT:
        return None
    weight = np.minimum(row.ink.amount, _WRITTEN)
    tone = _clear_tone(row.ink)
    to_text = np.linalg.norm(_evened(tone, weight) - text, axis=1)
    if name is None:
        to_name = to_text - np.clip(2 * to_text - usual, -usual, usual)
    else:
        to_name = np.linalg.norm(_evened(tone, weight) - name, axis=1)
    sides = np.cumsum((to_text - to_name) * weight)
    mass = np.cumsum(weight)
    low, high = HEIGHT // 2, len(weight) - HEIGHT // 4
    if high <= low:
        return None
    place = low + int((2 * sides[low:high] - sides[-1]).argmax())
    left = float(sides[place] / max(mass[place], 1))
    right = float((sides[-1] - sides[place]) / max(mass[-1] - mass[place], 1))
    if left < _HINT * usual or right > -_HINT * usual:
        return None
    at = _turning_sign(row, (to_text - to_name) * weight / max(usual, 1.0))
    plain = left >= _LIKE * usual and right <= -_LIKE * usual
    if at is None or _breaks(row)[at] >= (_TORN_WORD if plain else 0):
        return None
    return Cut(at, min(usual, left - right), seam=at in row.seams)


def _clear_tone(ink: Ink) -> Colour:
    """The tone of the writing without what shows through thin strokes."""
    tone = ink.tone
    tone[:, :3] -= _LEAK * (ink.ground - ink.ground.mean(axis=0))
    return tone


def _evened(colours: Colour, weight: NDArray[np.float32]) -> Colour:
    """The weighted mean over a sign's width around each column."""
    import cv2

    reach = (HEIGHT // 2 + 1, 1)
    total = cv2.blur((colours * weight[:, None])[None], reach)[0]
    ink = cv2.blur(weight[None], reach)[0].reshape(-1, 1)
    return np.asarray(total / np.maximum(ink, 1e-6), np.float32)


def _apart(row: Row, at: int, place: float) -> float:
    """The distance in em between a sign's left edge and a part of the width."""
    return abs(row.edges[at] - place) * (row.right - row.left) / row.em


def _turning_sign(row: Row, names: NDArray[np.float32]) -> int | None:
    """The sign before which writing turns from name to text.

    `names` says for each column how much its ink is like a name, below zero how like a text. What
    a column says is weighed against how likely a name ends before a sign.
    """
    n = len(names)
    em = row.em / max(row.right - row.left, 1.0) * n
    said = np.concatenate([[0.0], np.cumsum(names)])
    mass = float(np.minimum(row.ink.amount, _WRITTEN).sum()) if row.ink is not None else 1.0
    said = 1.2 * said / max(mass / n * em, 1e-6)
    reach = max(1, round(_BLUR * em))
    costs = _breaks(row)
    best: tuple[float, int] | None = None
    for at in range(1, len(row.text)):
        here = round(row.edges[at] * n)
        if row.text[at - 1].isspace():
            here = round((row.edges[at - 1] + row.edges[at]) / 2 * n)
        window = said[max(0, here - reach) : here + reach + 1]
        if not window.size:
            continue
        score = float(window.max()) - costs[at]
        if best is None or score > best[0]:
            best = (score, at)
    return best[1] if best else None


def snap_cut(row: Row, place: float, *, badge: bool = False) -> int | None:
    """The sign before which a cut at a part of the width most likely falls; at a `badge`'s end."""
    text = row.text
    best: tuple[float, int] | None = None
    breaks = _breaks(row)
    for at in range(1, len(text)):
        cost = _apart(row, at, place)
        if text[at - 1].isspace():
            here = row.edges[at - 1] <= place <= row.edges[at]
            cost = 0.0 if here else min(cost, _apart(row, at - 1, place))
        if cost > 2.5:
            continue
        cost += breaks[at]
        if badge and not text[at - 1].isspace() and text[at - 1].islower() != text[at].islower():
            cost -= 1.4
        if best is None or cost < best[0]:
            best = (cost, at)
    return best[1] if best else None


def _breaks(row: Row) -> list[float]:
    """What it costs, in em, that a name ends before each sign; less than zero where it is likely.

    The first is of no use: a name has a sign at least.
    """
    text, torn = row.text, _torn(row)
    blanks = [row.edges[at + 1] - row.edges[at] for at, sign in enumerate(text) if sign == " "]
    plain = sorted(blanks)[(len(blanks) - 1) // 2] if len(blanks) > 1 else 0.0
    costs = [9.0] * len(text)
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        cost = 0.0
        if at in row.seams:
            cost -= 1.2
        elif before in COLONS:
            cost -= 0.9
        elif before.isspace():
            cost -= 0.7
            if plain and row.edges[at] - row.edges[at - 1] > _BROAD * plain:
                cost -= 0.7
        elif at in torn:
            cost -= 0.6
        elif is_wide(before) != is_wide(after) or after in _OPENS:
            cost -= 0.2
        elif not is_wide(before):
            cost += 0.6 if before.islower() and after.isupper() else _TORN_WORD
        if after.isspace() or after in COLONS:
            cost += 0.8
        costs[at] = cost + _WORD * len(text[:at].split()[1:])
    return costs


def _torn(row: Row) -> frozenset[int]:
    """The signs before which a gap is seen as wide as a blank, where OCR read none."""
    if row.ink is None or _LOOSE.search(row.text):
        return frozenset()
    n = len(row.ink.amount)
    wide = row.right - row.left
    found: set[int] = set()
    for start, end in row.ink.gaps():
        if (end - start) / n * wide < _BLANK * row.em:
            continue
        middle = (start + end) / 2 / n
        at = min(range(len(row.edges) - 1), key=lambda sign: abs(row.edges[sign] - middle))
        near = abs(row.edges[at] - middle) * wide < _NEAR_GAP * row.em
        if at and near and not (row.text[at].isspace() or row.text[at - 1].isspace()):
            found.add(at)
    return frozenset(found)


def clean_user(text: str) -> str | None:
    """A name without the colon and what else OCR left around it."""
    name = _STAMP.sub("", text.strip()).strip(_EDGES).strip("@").strip()
    name = _MISREAD.sub("l", name)
    return name or None


def clean_text(text: str) -> str:
    """A text without the colon before it."""
    return text.strip().lstrip(COLONS + " ").strip()


def name_width(row: Row, cut: Cut) -> float:
    """The width in em of what stands before a cut."""
    return sum(width_of(sign) for sign in row.text[: cut.at])
