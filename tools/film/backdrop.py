"""Another background behind the person: a blur, a colour or a picture."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput, NotAvailable
from tools.film.assets import PersonFinder, find_person
from tools.film.ffmpeg import Cancelled, reading
from tools.film.filters import Graph, open_take, seconds, upright
from tools.film.source import Recorded, digest_of

_SIDE = 256
_LAG = 0.55
"""How much of the mask before is kept where little changes: it calms the edge."""
_JUMP = 0.35
"""A pixel that changes by more follows at once."""
_LOW, _HIGH = 0.25, 0.75


@dataclass(frozen=True)
class Backdrop:
    """What stands behind the person: `blur`, a colour `#rrggbb`, or the picture `file`."""

    kind: str
    file: Path | None
    person: PersonFinder
    digest: str


def open_backdrop(wanted: str, files: Mapping[str, Path], person: PersonFinder | None) -> Backdrop:
    """The backdrop that `Effects.background` names.

    Raises:
        NotAvailable: there is no model that finds persons.
        InvalidInput: it is neither `blur`, nor a colour, nor a file that was given.
    """
    if person is None:
        raise NotAvailable(
            "The background can only be replaced with a model that finds persons.",
            hint="Switch the background off, or install the model.",
        )
    if wanted == "blur" or (wanted.startswith("#") and len(wanted) == len("#rrggbb")):
        return Backdrop(wanted, None, person, wanted)
    if wanted not in files:
        raise InvalidInput(
            f"There is no background {wanted}.", hint="Give blur, a colour as #rrggbb, or a file."
        )
    return Backdrop("picture", files[wanted], person, digest_of(files[wanted]))


def replace_background(
    graph: Graph,
    backdrop: Backdrop,
    recorded: Recorded,
    at: Fraction,
    frames: int,
    rate: Fraction,
    folder: Path,
    label: str,
    cancelled: Cancelled,
) -> str:
    """Add the chains that make a take's upright picture with another background; gives its pad.

    The masks of all frames are computed first, smoothed over time, and read as a third picture.
    """
    masks = folder / f"{label}.masks"
    with masks.open("wb") as out:
        for mask in _masks(recorded, at, frames, rate, backdrop.person, cancelled):
            out.write(mask.tobytes())
    text = f"{rate.numerator}/{rate.denominator}"
    pad, timed = open_take(graph, recorded, at, frames, rate)
    number = graph.add_input(
        *("-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{_SIDE}x{_SIDE}", "-r", text),
        *("-i", masks.name),
    )
    width, height = recorded.width // 2 * 2, recorded.height // 2 * 2
    size = f"{width}:{height}"
    graph.chains.append(
        f"{pad}{','.join(upright(recorded))},{timed},scale={size},setsar=1,format=yuv420p[{label}s]"
    )
    graph.chains.append(
        f"[{number}:v]setpts=N,scale={size}:flags=bicubic,gblur=sigma=2,format=gray[{label}m]"
    )
    front = f"[{label}s]"
    if backdrop.kind == "blur":
        graph.chains.append(f"[{label}s]split[{label}p][{label}q]")
        graph.chains.append(f"[{label}q]gblur=sigma={max(6, min(width, height) // 40)}[{label}g]")
        front = f"[{label}p]"
    elif backdrop.file is not None:
        ground = graph.add_input(
            "-loop", "1", "-framerate", text, "-i", str(backdrop.file.resolve())
        )
        graph.chains.append(
            f"[{ground}:v]scale={size}:force_original_aspect_ratio=increase,crop={size},"
            f"setsar=1,format=yuv420p,trim=end_frame={frames},setpts=N[{label}g]"
        )
    else:
        colour = backdrop.kind.replace("#", "0x")
        lasts = seconds(frames / rate)
        graph.chains.append(
            f"color=c={colour}:s={width}x{height}:r={text}:d={lasts},format=yuv420p,"
            f"setpts=N[{label}g]"
        )
    graph.chains.append(f"{front}[{label}m]alphamerge[{label}f]")
    graph.chains.append(f"[{label}g][{label}f]overlay=format=yuv420:shortest=1[{label}b]")
    return f"[{label}b]"


def _masks(
    recorded: Recorded,
    at: Fraction,
    frames: int,
    rate: Fraction,
    person: PersonFinder,
    cancelled: Cancelled,
) -> Iterator[NDArray[np.uint8]]:
    graph = Graph()
    pad, timed = open_take(graph, recorded, at, frames, rate)
    chain = f"{pad}{timed},scale={_SIDE}:{_SIDE}:flags=area,format=bgr24[out]"
    asked = [*graph.inputs, "-filter_complex", chain, "-map", "[out]", "-f", "rawvideo", "pipe:1"]
    size = _SIDE * _SIDE * 3
    held: NDArray[np.float32] | None = None
    with reading(asked, what=f"the picture of {recorded.name}", cancelled=cancelled) as pipe:
        while len(data := pipe.read(size)) == size:
            picture = np.frombuffer(data, np.uint8).reshape(_SIDE, _SIDE, 3)
            held = smooth_mask(held, find_person(person, picture))
            sharp = np.clip((held - _LOW) / (_HIGH - _LOW), 0, 1)
            yield np.round(255 * sharp * sharp * (3 - 2 * sharp)).astype(np.uint8)


def smooth_mask(
    held: NDArray[np.float32] | None, found: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The mask of a frame after that of the one before: small changes are followed slowly."""
    if held is None:
        return found
    change = np.abs(found - held)
    keep = _LAG * np.clip(1 - change / _JUMP, 0, 1)
    return (keep * held + (1 - keep) * found).astype(np.float32)
