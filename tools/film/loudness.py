"""Loudness as EBU R 128 measures it: speech and music mixed, brought to the target in two passes.

The target is -14 LUFS with true peaks at most -1 dBTP, what the large video platforms play at.
"""

import json
import re
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput
from domain.progress import never
from tools.film.ffmpeg import Cancelled, run_ffmpeg

TARGET_LUFS = -14.0
TOLERANCE_LU = 1.0
MOST_PEAK_DB = -1.0
SOUND_KBITS = 192

_SILENT_LUFS = -69.0
_AIMED_PEAK_DB = -2.0
"""Coding to AAC raises peaks by some tenths of a decibel."""
_MARGIN_DB = 0.2
_NEAR_LU = 0.3
_TRIES = 3
_RANGE_LU = 11
_KEY = re.compile(r"\{[^{}]*\"input_i\"[^{}]*\}")
_SUMMARY = re.compile(r"I:\s+(-?[\d.]+|-?inf|nan) LUFS.*?Peak:\s+(-?[\d.]+|-?inf|nan) dBFS", re.S)


@dataclass(frozen=True)
class Loudness:
    """Integrated loudness in LUFS and true peak in dBTP."""

    integrated: float
    true_peak: float

    @property
    def silent(self) -> bool:
        """Below what the measure's absolute gate lets through."""
        return self.integrated < _SILENT_LUFS


def measure(path: Path, *, cancelled: Cancelled = never) -> Loudness | None:
    """The loudness of a file's sound; None for silence, or less than the 0.4 s that a block has."""
    arguments = ["-i", str(path.resolve()), "-vn", "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = run_ffmpeg(arguments, what="the measurement", cancelled=cancelled, level="info")
    found = _SUMMARY.findall(said)
    if not found:
        raise InvalidInput(f"{path.name} has no sound to measure.", hint="Render it anew.")
    return _heard(*found[-1])


def mix(
    speech: str, music: str | None, out: str, *, work: Path, ducking: bool, cancelled: Cancelled
) -> None:
    """Speech over music, as files in `work`; `ducking` holds the music down under speech."""
    if music is None:
        (work / out).write_bytes((work / speech).read_bytes())
        return
    under = "[1:a]anull[under]"
    if ducking:
        under = (
            "[key]agate=threshold=0.01:ratio=4[gated];"
            "[1:a][gated]sidechaincompress=threshold=0.015:ratio=10:attack=15:release=450"
            ":makeup=1[under]"
        )
    split = "[0:a]asplit=2[voice][key]" if ducking else "[0:a]anull[voice]"
    graph = f"{split};{under};[voice][under]amix=inputs=2:duration=first:normalize=0[out]"
    arguments = ["-i", speech, "-i", music, "-filter_complex", graph, "-map", "[out]"]
    run_ffmpeg([*arguments, "-c:a", "pcm_f32le", out], what="the sound", cwd=work,
               cancelled=cancelled)  # fmt: skip


def code_levelled(mixed: str, out: str, *, work: Path, cancelled: Cancelled) -> Loudness | None:
    """Bring `mixed` to the target and code it as `out` (AAC); gives what is measured on `out`.

    Silence stays silence. Coding moves peaks by a decibel or more, and by how much is only known
    afterwards: where they come out too high it is done again below that.
    """
    aimed = _AIMED_PEAK_DB
    heard: Loudness | None = None
    for _ in range(_TRIES):
        level(mixed, "levelled.wav", work=work, peak=aimed, cancelled=cancelled)
        coded = ["-i", "levelled.wav", "-c:a", "aac", "-b:a", f"{SOUND_KBITS}k", "-ar", "48000"]
        coded += ["-ac", "2", "-fflags", "+bitexact", out]
        run_ffmpeg(coded, what="the sound", cwd=work, cancelled=cancelled)
        heard = measure(work / out, cancelled=cancelled)
        if heard is None or heard.true_peak <= MOST_PEAK_DB:
            break
        aimed -= heard.true_peak - MOST_PEAK_DB + _MARGIN_DB
    return heard


def level(
    mixed: str, out: str, *, work: Path, peak: float = _AIMED_PEAK_DB, cancelled: Cancelled
) -> bool:
    """Bring `mixed` to the target as `out`; False where it is silent, and left as it is.

    Loudnorm measures first and levels then. Where peaks stand in its way a limiter takes what is
    left, until the result is within three tenths of the target.
    """
    found = _loudnorm_measure(mixed, peak, work, cancelled)
    silent = not isfinite(found["input_i"]) or found["input_i"] < _SILENT_LUFS
    if silent:
        _filter(mixed, "anull", out, work, cancelled)
        return False
    asked = (
        f"loudnorm=I={TARGET_LUFS}:TP={peak:.2f}:LRA={_RANGE_LU}:linear=true"
        f":measured_I={found['input_i']}:measured_TP={found['input_tp']}"
        f":measured_LRA={found['input_lra']}:measured_thresh={found['input_thresh']}"
        f":offset={found['target_offset']},aresample=48000"
    )
    got = _filter(mixed, asked, out, work, cancelled)
    for _ in range(_TRIES):
        if got is None or _is_near(got, peak):
            break
        more = _limited(TARGET_LUFS - got.integrated, peak)
        got = _filter(out, more, f"more-{out}", work, cancelled)
        (work / f"more-{out}").replace(work / out)
    return True


def _is_near(got: Loudness, peak: float) -> bool:
    return abs(got.integrated - TARGET_LUFS) <= _NEAR_LU and got.true_peak <= peak + _NEAR_LU


def _limited(gain: float, peak: float) -> str:
    top = 10 ** (peak / 20)
    return (
        f"volume={gain:.2f}dB,aresample=192000,"
        f"alimiter=level=false:limit={top:.4f}:attack=2:release=60,aresample=48000"
    )


def _loudnorm_measure(name: str, peak: float, work: Path, cancelled: Cancelled) -> dict[str, float]:
    asked = f"loudnorm=I={TARGET_LUFS}:TP={peak:.2f}:LRA={_RANGE_LU}:print_format=json"
    said = run_ffmpeg(
        ["-i", name, "-af", asked, "-f", "null", "-"],
        what="the measurement", cwd=work, cancelled=cancelled, level="info",
    )  # fmt: skip
    found = _KEY.findall(said)
    told: dict[str, Any] = json.loads(found[-1])
    return {key: float(value) for key, value in told.items() if key != "normalization_type"}


def _filter(name: str, asked: str, out: str, work: Path, cancelled: Cancelled) -> Loudness | None:
    graph = f"[0:a]{asked},asplit=2[out][heard];[heard]ebur128=peak=true,anullsink"
    said = run_ffmpeg(
        ["-i", name, "-filter_complex", graph, "-map", "[out]", "-c:a", "pcm_f32le", out],
        what="the sound", cwd=work, cancelled=cancelled, level="info",
    )  # fmt: skip
    found = _SUMMARY.findall(said)
    return _heard(*found[-1]) if found else None


def _heard(integrated: str, peak: str) -> Loudness | None:
    found = Loudness(float(integrated), float(peak))
    return None if found.silent or not isfinite(found.integrated) else found
