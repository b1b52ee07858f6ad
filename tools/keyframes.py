"""A picture for each candidate: the best moment of it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.progress import Progress, ProgressSink, discard, never
from domain.recording import Candidate, Highlight, Stage
from domain.settings import Limits
from tools.isolation import run_isolated
from tools.recordings import LONGER

SIDE = 640
"""Pixels of the longer side: enough to choose by, some 50 KiB."""


def add_keyframes(
    path: Path,
    file: str,
    candidates: Sequence[Candidate],
    highlights: Sequence[Highlight],
    save: Callable[[bytes], str],
    *,
    most: int,
    limits: Limits,
    progress: ProgressSink = discard,
    cancelled: Callable[[], bool] = never,
) -> list[Candidate]:
    """The candidates, the `most` appealing of them with the picture of their best moment.

    `save` stores a JPEG and gives its key. A candidate whose moment cannot be decoded has none.

    Raises:
        JobCancelled: `cancelled` said so.
    """
    ranked = sorted(candidates, key=lambda c: -c.appeal)[:most]
    moments = {_place(c): _best_moment(c, highlights) for c in ranked}
    wanted = sorted(set(moments.values()))
    if not wanted:
        return list(candidates)

    def tell(line: dict[str, int]) -> None:
        progress(
            Progress(
                stage=Stage.CANDIDATES, message="taking pictures", done=line["done"],
                total=len(wanted), unit="pictures",
            )
        )  # fmt: skip

    with TemporaryDirectory(prefix="livecue-stills-") as folder:
        taken = run_isolated(
            "tools.foreign.stills:take_stills",
            {"path": str(path), "file": file, "folder": folder, "side": SIDE, "at_ms": wanted},
            file=file,
            limits=limits,
            cancelled=cancelled,
            seconds=LONGER * limits.reader_seconds,
            on_line=tell,
        )
        kept = {one["at_ms"]: save(Path(one["path"]).read_bytes()) for one in taken["stills"]}
    return [
        c.model_copy(update={"keyframe": kept.get(moments.get(_place(c), -1))}) for c in candidates
    ]


def _place(candidate: Candidate) -> tuple[int, int]:
    return candidate.start_ms, candidate.end_ms


def _best_moment(candidate: Candidate, highlights: Sequence[Highlight]) -> int:
    """The middle of the best highlight that lies in it, else of the candidate."""
    start, end = candidate.start_ms, candidate.end_ms
    inside = [h for h in highlights if h.start_ms < end and h.end_ms > start]
    if not inside:
        return (start + end) // 2
    best = max(inside, key=lambda h: h.score)
    return min(max((best.start_ms + best.end_ms) // 2, start), end - 1)
