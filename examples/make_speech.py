"""Speaks the scripts of the demo broadcast, once: an Opus file a block, and when a line is said.

`python examples/make_speech.py VOICE_MODEL [--work FOLDER] [--only BLOCK]`, from any folder; needs
the packages of the `speech` group, and VOICE_MODEL as examples/broadcast/README.md has it. Lines
that were spoken are kept in FOLDER, so a run that was ended goes on, and only a changed line is
spoken anew.
"""

import argparse
import hashlib
import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import yaml
from kokoro_speech import RATE, Kokoro
from numpy.typing import NDArray

HERE = Path(__file__).parent / "broadcast"
BIT_RATE = "24k"
PEAK = 0.85
BREATHS = (0.3, 0.4, 0.6, 0.8, 1.3)
BETWEEN_TOPICS = (0.5, 0.9, 1.5, 2.2)
"""Seconds of silence after a sentence and after a topic; hosts often pass on without a pause."""
BEFORE_BLOCK = AFTER_BLOCK = 1.0

Samples = NDArray[np.float32]


def lines_of(block: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether a topic ends with it."""
    for segment in block["segments"]:
        lines = segment["lines"]
        for number, line in enumerate(lines, start=1):
            yield line if isinstance(line, str) else line["say"], number == len(lines)


def spoken(kokoro: Kokoro, work: Path, text: str, block: dict[str, Any]) -> Samples:
    """A line's samples, from `work` where it was spoken before."""
    voice, speed = block["voice"], block.get("speed", 1.0)
    key = hashlib.sha256(f"{voice} {speed} {text}".encode()).hexdigest()[:24]
    kept = work / f"{key}.npy"
    if not kept.is_file():
        samples = kokoro.say(text, block["language"], voice, speed)
        part = kept.with_suffix(".part.npy")
        np.save(part, samples)
        part.replace(kept)
    return np.load(kept)


def speak(kokoro: Kokoro, script: Path, work: Path) -> None:
    """Write the block's sound, and its times beside it."""
    block = yaml.safe_load(script.read_text("utf-8"))
    dice = random.Random(script.stem)  # noqa: S311 (not a secret)
    parts: list[Samples] = [np.zeros(int(BEFORE_BLOCK * RATE), np.float32)]
    at = len(parts[0])
    times: list[tuple[int, int]] = []
    for text, is_last in lines_of(block):
        samples = spoken(kokoro, work, text, block)
        times.append((at * 1000 // RATE, (at + len(samples)) * 1000 // RATE))
        pause = np.zeros(int(dice.choice(BETWEEN_TOPICS if is_last else BREATHS) * RATE))
        parts += [samples, pause.astype(np.float32)]
        at += len(samples) + len(pause)
        print(f"{script.stem}: {at / RATE:.0f} s", end="\r", flush=True)
    parts.append(np.zeros(int(AFTER_BLOCK * RATE), np.float32))
    sound = np.concatenate(parts)
    sound *= PEAK / float(np.abs(sound).max())
    folder = HERE / "speech"
    folder.mkdir(exist_ok=True)
    encode(sound, folder / f"{script.stem}.opus")
    told = {"length_ms": len(sound) * 1000 // RATE, "lines": times}
    (folder / f"{script.stem}.json").write_text(json.dumps(told) + "\n", "utf-8")
    print(f"{script.stem}: {len(sound) / RATE:.1f} s")


def encode(sound: Samples, target: Path) -> None:
    """Mono Opus in Ogg."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-f", "f32le"]
    command += ["-ar", str(RATE), "-ac", "1", "-i", "-", "-c:a", "libopus", "-b:a", BIT_RATE]
    command += ["-application", "voip", "-map_metadata", "-1", "-fflags", "+bitexact", str(target)]
    subprocess.run(command, input=sound.astype("<f4").tobytes(), check=True)  # noqa: S603


def main() -> None:
    """Speak every block, or those whose name holds `--only`."""
    parser = argparse.ArgumentParser(description="Speak the demo broadcast.")
    parser.add_argument("model", type=Path, help="folder of kokoro.onnx, vocab.json and voices/")
    parser.add_argument("--work", type=Path, default=Path("build-speech"))
    parser.add_argument("--only", default="", help="part of a block's name")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    kokoro = Kokoro(given.model)
    for script in sorted((HERE / "script").glob("*.yaml")):
        if given.only in script.stem:
            speak(kokoro, script, given.work)


if __name__ == "__main__":
    main()
