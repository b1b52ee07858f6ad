"""Where a row parts into user and text: by tone, by a colon, by a mask, by a seam."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tools.comments.endings import (
    COLONS,
    TORN_WORD,
    WRITTEN,
    apart,
    name_ends,
    torn_blanks,
    turning_sign,
)
from tools.comments.ink import HEIGHT, Ink
from tools.comments.notices import is_tail
from tools.comments.rows import Row, cut_row, is_wide, measure, width_of

_NEAR = 14.0  # CIE L*a*b* distance below which two colours of writing are one
_APART = 6.0  # least distance by which a name's colour departs from its text's
_LEAK = 0.4  # of what lies behind that thin strokes let through
_LIKE = 0.22
_HINT = 0.08  # enough where a blank stands
_LONGEST_NAME = 17.0  # em
_PLAINLY = 30.0  # L*a*b* distance at which a name may end within a word

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
    if mask is not None and _is_run_on(row, mask, at):
        return replace(mask, at=at, contrast=contrast)
    for cut in (mask, colon):
        if cut is not None and apart(row, cut.at, place) < 1.6:
            return replace(cut, contrast=contrast)
    if mask is not None:
        return mask
    if not row.text[:at].strip(_EDGES):
        return colon
    return Cut(at, contrast, seam=at in row.seams, other=colon)


def _is_run_on(row: Row, mask: Cut, at: int) -> bool:
    """Whether what was taken for the last sign of a masked name begins the text at sign `at`."""
    near = not mask.colon and mask.at - 3 < at < mask.at
    return near and is_wide(row.text[at]) and at in torn_blanks(row)


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
    weight = np.minimum(row.ink.amount, WRITTEN)
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
    at = turning_sign(row, sides * weight / contrast)
    if at is None or (name_ends(row)[at] >= TORN_WORD and contrast < _PLAINLY):
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
    weight = np.minimum(row.ink.amount, WRITTEN)
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
    at = turning_sign(row, (to_text - to_name) * weight / max(usual, 1.0))
    plain = left >= _LIKE * usual and right <= -_LIKE * usual
    if at is None or name_ends(row)[at] >= (TORN_WORD if plain else 0):
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
