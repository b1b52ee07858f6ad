"""The two halves of the rendered frames: even in kind, and the same on every run."""

import hashlib
from collections import Counter

from evals.comments import FrameRow, halve
from evals.rows import DATA


def _frames() -> list[FrameRow]:
    lines = (DATA / "comments" / "frames.jsonl").read_text("utf-8").splitlines()
    return [FrameRow.model_validate_json(line) for line in lines]


def test_each_kind_of_frame_is_in_both_halves_nearly_evenly() -> None:
    frames = _frames()
    halves = halve(frames)
    counts = Counter((row.layout, row.difficulty, halves[row.frame]) for row in frames)
    for layout, difficulty in {(row.layout, row.difficulty) for row in frames}:
        blind, opened = counts[layout, difficulty, "blind"], counts[layout, difficulty, "open"]
        assert opened > 0
        assert blind - opened in (0, 1)


def test_the_halves_do_not_depend_on_the_order_of_the_rows() -> None:
    frames = _frames()
    assert halve(frames) == halve(frames[::-1])


def test_no_frame_has_gone_over_to_the_open_half() -> None:
    halves = halve(_frames())
    opened = sorted(name for name, half in halves.items() if half == "open")
    digest = hashlib.sha256("\n".join(opened).encode()).hexdigest()
    assert len(opened) == 32
    assert digest.startswith("afb0875a527ae3de")
