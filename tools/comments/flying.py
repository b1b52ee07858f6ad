"""Flying comments (danmaku): lines of one size in lanes over the whole picture, without users."""

from collections.abc import Sequence

from tools.comments.grouping import Draft
from tools.comments.notices import (
    is_asking,
    is_count,
    is_input_hint,
    is_interface,
    is_price,
    is_time,
)
from tools.comments.rows import Row, cut_row, is_wide, measure

_ALIKE = 1.2
_ACROSS = 0.33  # of the width
_NEARLY = 0.8
_PLAIN = 2.5  # L*a*b*
_LOOSE = "，。！？、；：）】”…"  # full-width marks bring gaps of their own
_PLAIN_GAP = 1.6  # em: more than an emoji that OCR does not read
_BUTTON = 5.0  # em, above which what reads like a button is a viewer's word about it
_WIDE_GAP = 0.8  # em without ink: more than a blank


def split_lanes(row: Row) -> list[Row]:
    """A line that OCR read across two comments in one lane, parted at the wide gap."""
    if row.ink is None or len(row.text) < 3:
        return [row]
    columns = row.ink.amount
    em = row.em / (row.right - row.left) * len(columns)
    gaps = [gap for gap in row.ink.gaps() if gap[1] - gap[0] >= max(3.0, _WIDE_GAP * em)]
    for start, end in gaps:
        place = (start + end) / 2 / len(columns)
        wide = end - start >= _PLAIN_GAP * em
        near = [
            (abs(row.edges[at] - place), at)
            for at in range(1, len(row.text))
            if row.text[at].isspace() or (wide and _may_part(row.text, at))
        ]
        if not near:
            continue
        away, at = min(near)
        if away * len(columns) < 2.5 * em:
            head, tail = cut_row(row, at)
            return [head, *split_lanes(tail)]
    return [row]


def _may_part(text: str, at: int) -> bool:
    """Whether a comment may end before sign `at` where no blank was read."""
    return is_wide(text[at - 1]) and is_wide(text[at]) and text[at - 1] not in _LOOSE


def find_flying(rows: Sequence[Row], width: float) -> list[Draft]:
    """The comments among `rows` of a frame of `width` pixels, if its text flies."""
    whole = [row for row in rows if not (_is_other(row.text) or _is_printed(row))]
    listed = {row.lines for row in whole if _is_aligned(row, whole, width)}
    pieces = [piece for row in rows for piece in split_lanes(row)]
    candidates = [piece for piece in pieces if not (_is_other(piece.text) or _is_printed(piece))]
    best: list[Row] = []
    for one in candidates:
        alike = [two for two in candidates if 1 / _ALIKE < two.em / one.em < _ALIKE]
        if _extent(alike) > _extent(best):
            best = alike
    if len(best) < 2:
        return []
    loose = sum(row.lines not in listed and not _is_aligned(row, best, width) for row in best)
    if _in_a_column(best, width):
        return []
    strength = 0.6 * loose / len(best) if len(best) > 2 else 0.3 * loose / len(best)
    return [Draft(None, row.text, (row,), strength) for row in sorted(best, key=lambda r: r.middle)]


def _in_a_column(rows: Sequence[Row], width: float) -> bool:
    """Whether nearly all rows lie in one column and many begin at one edge, as in a list."""
    middles = [(row.left + row.right) / 2 for row in rows]
    most = max(sum(x <= y <= x + _ACROSS * width for y in middles) for x in middles)
    edges = [row.lines[0].box[0] for row in rows]
    near = 0.6 * min(row.em for row in rows)
    shared = sum(sum(abs(x - y) < near for y in edges) > 1 for x in edges)
    return most > 2 and most >= _NEARLY * len(middles) and 2 * shared >= len(edges)


def _is_printed(row: Row) -> bool:
    """Whether a line is dark on a plain light ground, as labels and posters are."""
    tone = row.ink.mean() if row.ink is not None else None
    if row.ink is None or tone is None:
        return False
    ground = row.ink.ground
    plain = float(ground.std(axis=0).max()) < _PLAIN
    return plain and float(ground[:, 0].mean()) > 75 and float(tone[0]) < 40


def _extent(rows: Sequence[Row]) -> float:
    return sum(min(8.0, measure(row.text)) for row in rows)


def _is_aligned(row: Row, rows: Sequence[Row], width: float) -> bool:
    if row.left < 0.002 * width:
        return False
    return any(
        other is not row
        and min(
            abs(other.left - row.left),
            abs(other.left + other.right - row.left - row.right) / 2,
        )
        < 0.5 * row.em
        and abs(other.middle - row.middle) < 4 * row.em
        for other in rows
    )


def _is_other(text: str) -> bool:
    return (
        is_time(text)
        or is_price(text)
        or is_input_hint(text)
        or (measure(text) <= _BUTTON and is_interface(text) and not is_asking(text))
        or (is_count(text) and not text.isdigit())
    )
