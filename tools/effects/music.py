"""Music under a clip: loops made here on first use, or the user's own file."""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from domain.errors import NotFound
from tools.effects.synth import SCORES, play
from tools.film.assets import Assets
from tools.film.ffmpeg import Cancelled, run_ffmpeg
from tools.film.layout import SAMPLE_RATE
from tools.film.sound import CHANNELS, Samples, read_wave, write_wave

_IN_SECONDS = 0.25
_OUT_SECONDS = 1.2
_QUIET = 1e-4
_BLOCK = SAMPLE_RATE * 4 // 10


@dataclass(frozen=True)
class Music:
    """A track (n, 2) at 48 kHz; `beat` is its length in seconds, None where it is not known.

    A track of ours is a loop; a user's is played from its beginning.
    """

    name: str
    samples: Samples
    beat: Fraction | None
    digest: str


def open_music(name: str, assets: Assets, cancelled: Cancelled) -> Music:
    """The track of a name, or the user's file of that hash.

    Raises:
        NotFound: there is neither.
        InvalidInput: the user's file holds no sound.
    """
    if name in SCORES:
        return _ours(name, assets.folder)
    if name not in assets.files:
        raise NotFound(
            f"There is no music {name}.", hint=f"There are {', '.join(SCORES)}, or give a file."
        )
    with tempfile.TemporaryDirectory(prefix="music-") as folder:
        raw = Path(folder) / "music.f32"
        file = assets.files[name]
        arguments = ["-i", str(file.resolve()), "-vn", "-ac", str(CHANNELS)]
        arguments += ["-ar", str(SAMPLE_RATE), "-f", "f32le", str(raw)]
        run_ffmpeg(arguments, what=f"the music {file.name}", cancelled=cancelled)
        samples = np.fromfile(raw, np.float32).reshape(-1, CHANNELS)
    return Music(name, samples, None, name)


def lay_under(
    music: Music, speech: Samples, *, below_lu: float, cuts: Sequence[Fraction], on_beat: bool
) -> Samples:
    """The music as long as the speech, `below_lu` under it, faded in and out.

    With `on_beat` it begins within its loop so that beats fall as near to `cuts` (seconds) as can
    be; no piece is moved for it.
    """
    shift = best_shift(music.beat, cuts) if on_beat and music.beat else 0.0
    place = np.arange(len(speech)) + round(shift * SAMPLE_RATE)
    laid = music.samples[place % max(1, len(music.samples))].copy()
    spoken = _level(speech)
    own = _level(laid)
    if own > _QUIET:
        wanted = spoken * 10 ** (-below_lu / 20) if spoken > _QUIET else 0.1
        laid *= wanted / own
    rise, fall = round(_IN_SECONDS * SAMPLE_RATE), round(_OUT_SECONDS * SAMPLE_RATE)
    rise, fall = min(rise, len(laid) // 4), min(fall, len(laid) // 4)
    laid[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    if fall:
        laid[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32)[:, None] ** 2
    return laid


def best_shift(beat: Fraction | None, cuts: Sequence[Fraction]) -> float:
    """Seconds into a loop at which to begin, so that its beats fall nearest to the cuts."""
    if not beat or not cuts:
        return 0.0
    length = float(beat)
    phases = np.asarray([float(cut) % length for cut in cuts])
    tried = np.arange(0, length, 0.005)
    off = (phases[None, :] + tried[:, None]) % length
    costs = np.minimum(off, length - off).sum(axis=1)
    return float(tried[int(np.argmin(costs))])


def _ours(name: str, folder: Path) -> Music:
    score = SCORES[name]
    digest = hashlib.sha256(repr(asdict(score)).encode()).hexdigest()[:16]
    file = folder / "music" / f"{name}-{digest}.wav"
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
            path = Path(part.name)
        try:
            write_wave(path, play(score))
            path.replace(file)
        finally:
            path.unlink(missing_ok=True)
    return Music(name, read_wave(file), Fraction(60) / Fraction(str(score.bpm)), digest)


def _level(samples: Samples) -> float:
    """The root mean square of what is not silence: blocks of 0.4 s within 20 dB of the loudest."""
    count = len(samples) // _BLOCK
    if not count:
        return float(np.sqrt((samples**2).mean())) if samples.size else 0.0
    blocks = (samples[: count * _BLOCK].reshape(count, -1) ** 2).mean(axis=1)
    loud = blocks[blocks > blocks.max() / 100]
    return float(np.sqrt(loud.mean())) if len(loud) else 0.0
