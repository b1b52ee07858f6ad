"""Scoring the moments of a recording: seconds of work against its own length, and memory.

A stretch of the demo broadcast as it is, and one enlarged to 1080p at 25 frames a second, of which
only what follows key frames is looked at; the network of PLD-VHD by itself; memory for a long film
against a short one.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.figure import Figure
from domain.progress import discard, never
from live.demo import compose_demo
from live.demo.filming import run_ffmpeg
from tools.highlights import score_moments
from tools.highlights.pld import WINDOW, PixelDistiller

STRETCH_MS = (60_000, 150_000)
LONGER = 8
_LOOKS_PER_SECOND = 2


def measure() -> list[Figure]:
    """Work by the clock of the film, and the peak of memory."""
    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as name:
        folder = Path(name)
        example = Path(__file__).parents[1] / "examples" / "broadcast"
        film, large, long = (folder / f"{n}.mp4" for n in ("film", "large", "long"))
        compose_demo(example, film, discard, never, only_ms=STRETCH_MS)
        whole = ["-i", str(film), "-vf", "scale=1080:1920,fps=25", "-g", "50"]
        run_ffmpeg([*whole, "-preset", "ultrafast", "-c:a", "copy", str(large)], never)
        run_ffmpeg(
            ["-stream_loop", str(LONGER - 1), "-i", str(film), "-c", "copy", str(long)], never
        )
        return [
            _scored("highlights of 720p at 12 a second", film),
            _scored("highlights of 1080p at 25 a second", large),
            _scored("highlights of 720p, PLD-VHD in the score", film, pld=True),
            _network(),
            Figure(
                f"highlights: memory for {LONGER} times the film",
                _peak(long),
                "the film",
                _peak(film),
                unit="B",
            ),
        ]


def _scored(what: str, film: Path, *, pld: bool = False) -> Figure:
    began = time.process_time()
    found = score_moments(film, pld=pld, progress=discard, cancelled=never)
    took = time.process_time() - began
    return Figure(f"{what}, CPU time", took, "its length", found[-1].end_ms / 1000)


def _network() -> Figure:
    distiller = PixelDistiller()
    window = np.zeros((WINDOW, 112, 64, 3), np.uint8)
    distiller.distil(window)
    looks = 100
    began = time.process_time()
    for _ in range(looks):
        distiller.distil(window)
    took = time.process_time() - began
    seconds = looks / _LOOKS_PER_SECOND
    return Figure("PLD-VHD's network alone, CPU time", took, "the film's length", seconds)


def _peak(film: Path) -> int:
    """The largest memory of a process that scores a film, in bytes."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "bench.highlights", str(film)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def _main() -> None:
    score_moments(Path(sys.argv[1]), progress=discard, cancelled=never)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


if __name__ == "__main__":
    _main()
