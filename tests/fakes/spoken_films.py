"""Short recordings with real speech: the demo broadcast's, over pictures drawn by ffmpeg."""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from live.sources.pump import find_ffmpeg

BROADCAST = Path(__file__).parents[2] / "examples" / "broadcast"


@dataclass(frozen=True)
class SpokenLine:
    """A line of the script, and when it is said, in ms of its block."""

    text: str
    start_ms: int
    end_ms: int


def lines_of(block: str, seconds: float) -> list[SpokenLine]:
    """The lines of a block of the demo that are over within its first `seconds`."""
    script = yaml.safe_load((BROADCAST / "script" / f"{block}.yaml").read_text("utf-8"))
    times = json.loads((BROADCAST / "speech" / f"{block}.json").read_text("utf-8"))["lines"]
    said = [
        line if isinstance(line, str) else line["say"]
        for topic in script["segments"]
        for line in topic["lines"]
    ]
    return [
        SpokenLine(text, start, end)
        for text, (start, end) in zip(said, times, strict=True)
        if end <= seconds * 1000
    ]


def make_spoken_film(path: Path, parts: Mapping[str, float], *, pause: float = 1.0) -> Path:
    """A film in which the first seconds of blocks are spoken one after the other."""
    inputs: list[str] = []
    chains: list[str] = []
    for number, (block, seconds) in enumerate(parts.items()):
        inputs += ["-t", str(seconds), "-i", str(BROADCAST / "speech" / f"{block}.opus")]
        chains.append(f"[{number}:a]aresample=48000,apad=pad_dur={pause}[a{number}]")
    count, length = len(parts), sum(parts.values()) + pause * len(parts)
    joined = "".join(f"[a{number}]" for number in range(count))
    graph = ";".join([*chains, f"{joined}concat=n={count}:v=0:a=1[a]"])
    subprocess.run(  # noqa: S603
        [
            find_ffmpeg(), "-nostdin", "-v", "error", "-y", *inputs,
            "-f", "lavfi", "-t", str(length), "-i", "testsrc2=size=320x240:rate=10",
            "-filter_complex", graph, "-map", f"{count}:v", "-map", "[a]",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "20",
            "-c:a", "aac", "-ar", "48000", "-shortest", str(path),
        ],
        check=True,
    )  # fmt: skip
    return path


def units(text: str) -> list[str]:
    """Words of Latin script and characters of Chinese, in lower case."""
    return re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]", text.lower())
