"""Where a name may end along a line: at blanks and colons, hardly ever within a word."""

import re

import numpy as np
from numpy.typing import NDArray

from tools.comments.ink import HEIGHT
from tools.comments.rows import Row, is_wide

COLONS = ":：︰∶﹕"
"""What stands between a user and a text, as OCR reads it."""

_BROAD = 1.35  # times the other blanks of the row
TORN_WORD = 2.5  # em that an end within a word costs
_WORD = 0.35  # em that each word of a name after the first costs
_BLANK, _NEAR_GAP = 0.24, 0.5  # em
_LOOSE = re.compile(r"[，。！？、；（）【】“”…]")  # full-width marks bring gaps of their own
_OPENS = '@¿¡#$￥¥"“‘('
_SURE = 1.2  # em of distance that an em of ink is worth, where it is surely of one side
_BLUR = 0.3  # em by which a sign's place may be off
WRITTEN = 0.45 * HEIGHT  # rows of ink in a column, above which it is of a picture or a mark


def apart(row: Row, at: int, place: float) -> float:
    """The distance in em between a sign's left edge and a part of the width."""
    return abs(row.edges[at] - place) * (row.right - row.left) / row.em


def turning_sign(row: Row, names: NDArray[np.float32]) -> int | None:
    """The sign before which writing turns from name to text.

    `names` says for each column how much its ink is like a name, below zero how like a text. What
    a column says is weighed against how likely a name ends before a sign.
    """
    n = len(names)
    em = row.em / max(row.right - row.left, 1.0) * n
    said = np.concatenate([[0.0], np.cumsum(names)])
    mass = float(np.minimum(row.ink.amount, WRITTEN).sum()) if row.ink is not None else 1.0
    said = _SURE * said / max(mass / n * em, 1e-6)
    reach = max(1, round(_BLUR * em))
    costs = name_ends(row)
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
    breaks = name_ends(row)
    for at in range(1, len(text)):
        cost = apart(row, at, place)
        if text[at - 1].isspace():
            here = row.edges[at - 1] <= place <= row.edges[at]
            cost = 0.0 if here else min(cost, apart(row, at - 1, place))
        if cost > 2.5:
            continue
        cost += breaks[at]
        if badge and not text[at - 1].isspace() and text[at - 1].islower() != text[at].islower():
            cost -= 1.4
        if best is None or cost < best[0]:
            best = (cost, at)
    return best[1] if best else None


def name_ends(row: Row) -> list[float]:
    """What it costs, in em, that a name ends before each sign; less than zero where it is likely.

    The first is of no use: a name has a sign at least.
    """
    text, torn = row.text, torn_blanks(row)
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
            cost += 0.6 if before.islower() and after.isupper() else TORN_WORD
        if after.isspace() or after in COLONS:
            cost += 0.8
        costs[at] = cost + _WORD * len(text[:at].split()[1:])
    return costs


def torn_blanks(row: Row) -> frozenset[int]:
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
