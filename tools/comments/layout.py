"""Which lines of a frame are the comments: every column is tried as every kind of list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from models.ocr import Box
from tools.comments.chains import Chain, find_chains, join_pieces
from tools.comments.flying import find_flying
from tools.comments.grouping import ODDNESS, Draft
from tools.comments.inline import parse_inline
from tools.comments.notices import is_price
from tools.comments.rows import Row
from tools.comments.stacked import parse_stacked

Kind = Literal["inline", "stacked", "flying", "none"]

_LISTS: tuple[tuple[Kind, Callable[[Chain], tuple[list[Draft], float]]], ...] = (
    ("inline", parse_inline),
    ("stacked", parse_stacked),
)
_LEAST = 0.4  # strength below which a column is no list of comments
_MARGIN = 0.25  # of the width of a frame held upright, in which nearly every list begins
_LABELLED = 0.3  # of a column's rows
_UPRIGHT = 2.2  # strength
_GROUND = 10.0  # L*a*b*


@dataclass(frozen=True, slots=True)
class Layout:
    """How a frame shows its comments.

    `inline`: a row begins with its user; `stacked`: the user stands above the text; `flying`: no
    users. `area` is the box of all comments on the level page and `em` the size of their writing,
    in pixels.
    """

    kind: Kind = "none"
    area: Box = (0.0, 0.0, 0.0, 0.0)
    em: float = 0.0


def find_comments(
    rows: Sequence[Row], width: int, height: int, previous: Layout | None = None
) -> tuple[Layout, list[Draft]]:
    """The comments among the level rows of a frame of `width` x `height` pixels.

    `previous` is the layout of the frame before in the same stream; a list where one was before
    needs less to be believed.
    """
    best: tuple[float, Kind, list[Draft]] = (_LEAST, "none", [])
    for chain in _lists(rows):
        likely = _likelihood(chain, width, height, previous)
        for kind, parse in _LISTS:
            drafts, cost = parse(chain)
            known = previous is not None and previous.kind == kind
            total = sum(draft.strength for draft in drafts) - ODDNESS * cost
            total *= likely * (1.3 if known else 1.0)
            if total > best[0]:
                best = (total, kind, drafts)
    flying = find_flying(rows, width)
    wide = 1.0 if width > height else 0.3
    if previous is not None and previous.kind == "flying":
        wide *= 1.5
    fly = sum(draft.strength for draft in flying) * wide
    # Scenes held upright are full of print: more of it is no better sign of what flies.
    if (fly if width > height else min(fly, _UPRIGHT)) > best[0]:
        best = (0.0, "flying", flying)
    _, kind, drafts = best
    if not drafts:
        return Layout(), []
    return Layout(kind, _around(drafts), drafts[0].rows[0].em), drafts


def _around(drafts: Sequence[Draft]) -> Box:
    rows = [row for draft in drafts for row in draft.rows]
    return (
        min(row.left for row in rows),
        min(row.top for row in rows),
        max(row.right for row in rows),
        max(row.bottom for row in rows),
    )


def _lists(rows: Sequence[Row]) -> list[Chain]:
    """Columns of rows, without what stands on product cards."""
    joined = join_pieces(rows)
    chains: list[Chain] = []
    for chain in find_chains(joined):
        kept = _off_cards(chain)
        if len(kept) == len(chain.entries):
            chains.append(chain)
        elif kept:
            chains.extend(find_chains(kept))
    return [chain for chain in chains if chain.entries]


def _off_cards(chain: Chain) -> list[Row]:
    """The rows of a chain that share no panel with a price in another colour."""
    prices = [e.row for e in chain.entries if is_price(e.row.text) and e.stray > 16]
    return [
        entry.whole
        for entry in chain.entries
        if not any(_same_panel(entry.row, price) for price in prices)
    ]


def _same_panel(row: Row, price: Row) -> bool:
    if row is price:
        return True
    if row.ink is None or price.ink is None:
        return False
    near = abs(row.middle - price.middle) < 4.5 * max(row.em, price.em)
    grounds = row.ink.ground.mean(axis=0) - price.ink.ground.mean(axis=0)
    return (
        near
        and abs(row.left - price.left) < 2 * price.em
        and float((grounds**2).sum()) < _GROUND**2
    )


def _likelihood(chain: Chain, width: int, height: int, previous: Layout | None) -> float:
    """How likely a list of comments stands there and is written so large."""
    share = 1.0 if chain.labelled < _LABELLED else 0.1
    middle = (chain.entries[0].row.top + chain.entries[-1].row.bottom) / 2 / height
    if middle < 0.15:
        share *= 0.3
    if height > width:
        if middle < 0.4:
            share *= 0.6
        if chain.left > 0.45 * width:
            share *= 0.6
        elif chain.left < _MARGIN * width and middle > 0.45:
            share *= 1.4
    size = chain.em / min(width, height)
    if not 0.012 < size < 0.07:
        share *= 0.4
    if previous is not None and previous.kind in ("inline", "stacked"):
        near = abs(chain.left - previous.area[0]) < 2 * previous.em
        share *= 1.3 if near and 0.75 < chain.em / previous.em < 1.33 else 0.8
    return share
