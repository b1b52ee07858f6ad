"""The sound of a clip, mixed and levelled, kept under the hash of what it is made of."""

import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.effects.music import Music, lay_under
from tools.film import loudness
from tools.film.ffmpeg import Cancelled, ffmpeg_version
from tools.film.layout import Layout
from tools.film.sound import assemble, read_sound, write_wave
from tools.film.source import Recorded

_RECIPE = 1


@dataclass(frozen=True)
class Track:
    """A coded sound (AAC in MP4) and its loudness, None for silence."""

    file: Path
    heard: loudness.Loudness | None


def make_track(
    recorded: Recorded,
    layout: Layout,
    *,
    music: Music | None,
    below_lu: float,
    ducking: bool,
    on_beat: bool,
    folder: Path,
    cancelled: Cancelled,
) -> Track:
    """Cut the speech together, lay music under it, level it, and code it."""
    parts = (
        _RECIPE, ffmpeg_version(), recorded.digest, layout.runs, str(layout.rate), layout.frames,
        music.digest if music else None, below_lu, ducking, on_beat,
    )  # fmt: skip
    key = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    file, told = folder / f"{key}.m4a", folder / f"{key}.json"
    if file.is_file() and told.is_file():
        raw = json.loads(told.read_text("utf-8"))
        return Track(file, loudness.Loudness(**raw) if raw else None)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sound-", dir=folder) as name:
        work = Path(name)
        runs = [(run.start, run.start + run.frames / layout.rate) for run in layout.runs]
        speech = assemble(layout, read_sound(recorded, runs, cancelled=cancelled))
        write_wave(work / "speech.wav", speech)
        under = None
        if music is not None:
            cuts = [run.first / layout.rate for run in layout.runs]
            laid = lay_under(music, speech, below_lu=below_lu, cuts=cuts, on_beat=on_beat)
            write_wave(work / "music.wav", laid)
            under = "music.wav"
        loudness.mix(
            "speech.wav", under, "mixed.wav", work=work, ducking=ducking, cancelled=cancelled
        )
        heard = loudness.code_levelled("mixed.wav", "sound.m4a", work=work, cancelled=cancelled)
        (work / "sound.json").write_text(
            json.dumps(None if heard is None else vars(heard)), "utf-8"
        )
        (work / "sound.m4a").replace(file)
        (work / "sound.json").replace(told)
    return Track(file, heard)
