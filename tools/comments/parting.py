"""Where a row parts into badge, user and text: by tone, by a colon, by a mask, by a seam."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tools.comments.ink import HEIGHT
from tools.comments.notices import is_badge
from tools.comments.rows import Row, cut_row, is_wide, measure, width_of

_NEAR = 14.0  # CIE L*a*b* distance below which two colours of writing are one
_APART = 6.0  # least distance by which a name's colour departs from its text's
_LEAK = 0.4  # of what lies behind that thin strokes let through
_BADGE_GROUND = 12.0
_LONGEST_NAME = 17.0  # em
_COLONS = ":：︰∶﹕"
_COLON = re.compile(rf"\s*[{_COLONS};；]+\s*")
_MASKED = re.compile(r"^.?\*{2,4}(?:[^\s*]{1,2}(?=\W)|[^\s*])?")
_STAMP = re.compile(r"[\s·]*(\d{1,2}[:：]\d{2}([:：]\d{2})?( ?[ap]m)?|\d{1,2} ?(min|[smhd])( ago)?|刚刚)$", re.I)
_EDGES = _COLONS + ";；,，·|- "

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


def drop_badges(row: Row) -> Row:
    """The row without the level and club marks that stand before the name."""
    for _ in range(3):
        end = _badge_end(row)
        if end is None or end >= len(row.text):
            return row
        row = cut_row(row, end)[1]
    return row


def _badge_end(row: Row) -> int | None:
    for at in sorted(row.seams)[:1]:
        head, tail = cut_row(row, at)
        if measure(head.text) < 6 and _is_mark(head, tail):
            return at
    for at in _word_ends(row.text):
        if is_badge(row.text[:at]):
            head, tail = cut_row(row, at)
            if tail.text[:1] in _COLONS:
                continue
            grounds, inks = grounds_apart(head, tail), _inks_apart(head, tail)
            if grounds > _BADGE_GROUND or inks > 18 or _solid(head) - _solid(tail) > 0.3:
                return at
    if row.ink is None:
        return None
    solid = _solidity(row)
    start = int(HEIGHT * 0.5)
    if len(solid) < 2 * HEIGHT or solid[:start].max(initial=0) < 0.5:
        return None
    over = np.flatnonzero(solid[start:] < 0.42)
    if not over.size:
        return None
    end = start + int(over[0])
    if end < HEIGHT * 0.8 or end > 6 * HEIGHT:
        return None
    at = _snap(row, end / len(solid), badge=True)
    if at is None:
        return None
    marks = [to for to in range(max(1, at - 2), at + 3) if is_badge(row.text[:to])]
    return max(marks) if marks else at


def drop_marks_after(row: Row) -> Row:
    """A name without the level and club marks that follow it."""
    for at in range(max(1, len(row.text) - 8), len(row.text)):
        if not (row.text[at - 1].isspace() or at in row.seams) or not is_badge(row.text[at:]):
            continue
        head, tail = cut_row(row, at)
        grounds, inks = grounds_apart(head, tail), _inks_apart(head, tail)
        if grounds > _BADGE_GROUND or inks > 18 or _solid(tail) - _solid(head) > 0.3:
            return head
    return row


def _is_mark(head: Row, tail: Row) -> bool:
    if is_badge(head.text):
        return _solid(head) > 0.2 or grounds_apart(head, tail) > 8 or head.em < 0.85 * tail.em
    return _solid(head) > 0.5 or (grounds_apart(head, tail) > 25 and head.em < 0.95 * tail.em)


def _word_ends(text: str) -> list[int]:
    """Where a badge at the start may end: at a blank or between scripts, the furthest first."""
    return [
        at
        for at in range(min(len(text) - 1, 8), 0, -1)
        if text[at].isspace() or is_wide(text[at - 1]) != is_wide(text[at])
    ]


def grounds_apart(head: Row, tail: Row) -> float:
    """How far the colours behind two rows are from each other, in L*a*b*."""
    if head.ink is None or tail.ink is None:
        return 0.0
    one, two = np.median(head.ink.ground, axis=0), np.median(tail.ink.ground, axis=0)
    return float(np.linalg.norm(one - two))


def _inks_apart(head: Row, tail: Row) -> float:
    one = head.ink.mean() if head.ink is not None else None
    two = tail.ink.mean() if tail.ink is not None else None
    return 0.0 if one is None or two is None else float(np.linalg.norm(one[:3] - two[:3]))


def _solidity(row: Row) -> NDArray[np.float32]:
    """How much of the row's height is filled, smoothed over a sign's width."""
    if row.ink is None:
        return np.zeros(1, np.float32)
    box = np.ones(HEIGHT // 2, np.float32) / (HEIGHT // 2)
    return np.convolve(row.ink.amount / HEIGHT, box, mode="same").astype(np.float32)


def _solid(row: Row) -> float:
    """The share of the row's columns that are filled like a badge, not like writing."""
    return float((_solidity(row) > 0.45).mean())


def find_cut(row: Row, colour: Colour | None) -> Cut | None:
    """Where the user's name ends and the text begins, if anything says so.

    A mask (`t**3`) is surest, then a change of colour, moved to the colon beside it, then a colon.
    """
    colon, mask = _colon_cut(row.text), _mask_cut(row.text)
    found = _colour_cut(row, colour) if colour is not None else None
    if found is None:
        return mask or colon
    place, contrast = found
    for cut in (mask, colon):
        if cut is not None and _apart(row, cut.at, place) < 1.6:
            return replace(cut, contrast=contrast)
    if mask is not None:
        return mask
    at = _snap(row, place)
    if at is None or not row.text[:at].strip(_EDGES):
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
    after = _COLON.match(text, found.end())
    return Cut(after.end() if after else found.end(), colon=after is not None, mask=True)


def _colour_cut(row: Row, colour: Colour) -> tuple[float, float] | None:
    """The part of the width where writing turns to `colour`, and by how much it changes."""
    if row.ink is None or row.ink.amount.sum() < HEIGHT:
        return None
    weight = row.ink.amount
    tone = row.ink.tone
    tone[:, :3] -= _LEAK * (row.ink.ground - row.ink.ground.mean(axis=0))
    along = _evened(tone, weight)
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
    expected = np.where((np.arange(n) < low + best)[:, None], before, after)
    spread = float(np.sqrt(np.average(((along - expected) @ axis) ** 2, weights=weight)))
    return ((low + best) / n, contrast) if contrast > 2.2 * spread else None


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


def _snap(row: Row, place: float, *, badge: bool = False) -> int | None:
    """The sign before which a cut at `place` most likely falls."""
    text = row.text
    best: tuple[float, int] | None = None
    for at in range(1, len(text)):
        cost = _apart(row, at, place)
        if cost > 2.5:
            continue
        before, after = text[at - 1], text[at]
        if at in row.seams:
            cost -= 1.2
        elif before in _COLONS:
            cost -= 0.9
        elif before.isspace():
            cost -= 0.7
        elif is_wide(before) != is_wide(after):
            cost -= 0.2
        elif not is_wide(before):
            cost += 0.1 if badge and before.islower() != after.islower() else 1.5
        if after.isspace() or after in _COLONS:
            cost += 0.8
        if best is None or cost < best[0]:
            best = (cost, at)
    return best[1] if best else None


def clean_user(text: str) -> str | None:
    """A name without the colon and what else OCR left around it."""
    name = _STAMP.sub("", text.strip()).strip(_EDGES).strip("@").strip()
    return name or None


def clean_text(text: str) -> str:
    """A text without the colon before it."""
    return text.strip().lstrip(_COLONS + " ").strip()


def name_width(row: Row, cut: Cut) -> float:
    """The width in em of what stands before a cut."""
    return sum(width_of(sign) for sign in row.text[: cut.at])
