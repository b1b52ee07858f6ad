"""How well found borders agree with true ones, on a line of time or of sentences."""

from collections.abc import Sequence


def border_matches(found: Sequence[int], true: Sequence[int], tolerance: int) -> int:
    """How many of the found borders lie within `tolerance` of a true one, each used once."""
    free = sorted(true)
    hits = 0
    for border in sorted(found):
        near = [one for one in free if abs(one - border) <= tolerance]
        if near:
            free.remove(min(near, key=lambda one: abs(one - border)))
            hits += 1
    return hits


def f1(hits: int, found: int, true: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * hits / (found + true) if found + true else 0.0


def window_errors(found: Sequence[int], true: Sequence[int], length: int) -> tuple[float, float]:
    """Pk (Beeferman et al. 1999) and WindowDiff (Pevzner and Hearst 2002), 0 best.

    Borders are positions in a text of `length` units; the window is half a true segment's length.
    """
    marks = [[0] * (length + 1) for _ in range(2)]
    for row, borders in zip(marks, (found, true), strict=True):
        for border in borders:
            if 0 <= border < length:
                row[border] = 1
    sums: list[list[int]] = []
    for row in marks:
        total = [0]
        for mark in row:
            total.append(total[-1] + mark)
        sums.append(total)
    half = max(2, round(length / (len(true) + 1) / 2))
    wrong = differ = 0
    for start in range(length - half):
        ours, theirs = (total[start + half + 1] - total[start + 1] for total in sums)
        wrong += (ours == 0) != (theirs == 0)
        differ += ours != theirs
    count = max(1, length - half)
    return wrong / count, differ / count
