"""The filter graph of one shot, as ffmpeg takes it."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from tools.film.layout import Layout
from tools.film.shots import Framing, Shot, Take
from tools.film.source import Recorded, frame_at

_EARLY = Fraction(1, 1000)
_TIE = Fraction(1, 10)
"""Of a frame: keeps pictures that stand half-way between two frames from falling now here, now
there."""
_TONE_MAP = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
)
_SLIDE = "slideleft"
HANDLE_SECONDS = Fraction(1, 4)
"""How long the last picture may be held where the picture track ends before the sound."""


@dataclass
class Graph:
    """Inputs and filters of a command, as they are put together, and the files filters read."""

    inputs: list[str] = field(default_factory=list[str])
    chains: list[str] = field(default_factory=list[str])
    files: dict[str, str] = field(default_factory=dict[str, str])
    count: int = 0

    def add_input(self, *arguments: str) -> int:
        """Another input; gives its number."""
        self.inputs += arguments
        self.count += 1
        return self.count - 1


def seconds(value: Fraction) -> str:
    """Seconds for ffmpeg, to the microsecond."""
    return f"{float(value):.6f}"


def rate_text(rate: Fraction) -> str:
    """A frame rate for ffmpeg."""
    return f"{rate.numerator}/{rate.denominator}"


def open_take(
    graph: Graph, recorded: Recorded, at: Fraction, frames: int, rate: Fraction
) -> tuple[str, str]:
    """Add the recording from `at` on as an input; gives its pad and the filters that time it.

    Of a recording at the clip's own rate every frame is shown once, from the one nearest to `at`
    on; else the one that stands at each frame's time.
    """
    shown, later = frame_at(recorded, at)
    near = shown if later is None or at - shown <= later - at else later
    same = recorded.rate is not None and abs(recorded.rate - rate) < rate / 1000
    begin = at
    if same and abs(near - at) <= 1 / (2 * rate):
        begin = near
    elif at > shown:
        begin = at + _TIE / rate
    start = Fraction(floor(max(shown - recorded.preroll - _EARLY, Fraction(0)) * 10**6), 10**6)
    length = begin - start + frames / rate + HANDLE_SECONDS
    number = graph.add_input(
        *("-an", "-sn", "-dn", "-ss", seconds(start), "-t", seconds(length + 1)),
        *("-i", str(recorded.path.resolve())),
    )
    timed = (
        f"settb=AVTB,setpts=round(PTS-{round((begin - start) * 10**6)}),"
        f"fps={rate_text(rate)}:start_time=0:round=near,"
        f"tpad=stop_duration={seconds(HANDLE_SECONDS)}:stop_mode=clone,"
        f"trim=end_frame={frames},setpts=N"
    )
    return f"[{number}:{recorded.picture}]", timed


def draw_take(
    graph: Graph,
    recorded: Recorded,
    take: Take,
    shot: Shot,
    size: tuple[int, int],
    layout: Layout,
    label: str,
    *,
    drawn: str | None = None,
) -> None:
    """Add the chains that make `[label]` of a take: timed, cropped or fitted to `size`.

    `drawn` is the pad of its picture where it was timed and changed already.
    """
    slow = drawn is None and recorded.rate is not None and recorded.rate <= layout.rate
    if drawn is None:
        pad, timed = open_take(graph, recorded, take.at, shot.frames, layout.rate)
        before = upright(recorded)
    else:
        pad, timed, before = drawn, "null", ["null"]
    if take.framing.mode == "fit":
        _fit(graph, pad, [*before, timed], take.framing, size, label)
        return
    x, y, width, height = take.framing.region
    shape: list[str] = []
    if (x, y, width, height) != (0, 0, recorded.width, recorded.height):
        shape.append(f"crop={width}:{height}:{x}:{y}:exact=1")
    shape.append(_scale(recorded, take.framing.size))
    cuts = take.framing.size != size
    shape_cut = _moving_crop(graph, take.framing, size, layout.rate, label) if cuts else ""
    ordered = [*before, *shape, timed] if slow else [*before, timed, *shape]
    if shape_cut:
        ordered.append(shape_cut)
    graph.chains.append(f"{pad}{','.join(ordered)},setsar=1[{label}]")


def upright(recorded: Recorded) -> list[str]:
    """The filters that make a picture progressive, of standard range, its pixels square."""
    filters: list[str] = []
    if recorded.interlaced:
        filters.append("bwdif=mode=send_frame:deint=interlaced")
    if recorded.high_range:
        filters.append(_TONE_MAP)
    if recorded.stretched:
        filters.append(f"scale={recorded.width}:{recorded.height},setsar=1")
    return filters or ["null"]


def _scale(recorded: Recorded, size: tuple[int, int]) -> str:
    matrix = "" if recorded.matrix == "auto" else f":in_color_matrix={recorded.matrix}"
    return (
        f"scale={size[0]}:{size[1]}:flags=bicubic{matrix}:out_color_matrix=bt709:out_range=tv,"
        "format=yuv420p"
    )


def _moving_crop(
    graph: Graph, framing: Framing, size: tuple[int, int], rate: Fraction, label: str
) -> str:
    x, y = framing.path[0]
    crop = f"crop@{label}=w={size[0]}:h={size[1]}:x={x}:y={y}:exact=1"
    if len(framing.path) == 1:
        return crop
    lines: list[str] = []
    last = framing.path[0]
    for number, (x, y) in enumerate(framing.path):
        if (x, y) != last:
            at = (Fraction(number) - Fraction(1, 2)) / rate
            lines.append(f"{seconds(at)} crop@{label} x {x}, crop@{label} y {y};")
            last = (x, y)
    name = f"{label}.moves"
    graph.files[name] = "\n".join(lines) + "\n"
    return f"sendcmd=f={name},{crop}"


def _fit(
    graph: Graph,
    pad: str,
    before: list[str],
    framing: Framing,
    size: tuple[int, int],
    label: str,
) -> None:
    """The region whole, over an enlargement of itself that is blurred and a little darker."""
    width, height = size
    x, y, w, h = framing.region
    scale = min(width / w, height / h)
    inner = (round(w * scale / 2) * 2, round(h * scale / 2) * 2)
    small = (width // 8, height // 8)
    chain = ",".join([*before, f"crop={w}:{h}:{x}:{y}:exact=1"])
    colours = "out_color_matrix=bt709:out_range=tv,format=yuv420p"
    ground = (
        f"scale={small[0]}:{small[1]}:force_original_aspect_ratio=increase,"
        f"crop={small[0]}:{small[1]},boxblur=8:2,eq=brightness=-0.06:saturation=0.9,"
        f"scale={width}:{height}:flags=bilinear:{colours}"
    )
    place = f"{(width - inner[0]) // 2}:{(height - inner[1]) // 2}"
    graph.chains.append(f"{pad}{chain},split[{label}a][{label}b]")
    graph.chains.append(f"[{label}a]{ground}[{label}c]")
    graph.chains.append(f"[{label}b]scale={inner[0]}:{inner[1]}:flags=bicubic:{colours}[{label}d]")
    graph.chains.append(f"[{label}c][{label}d]overlay={place}:format=yuv420,setsar=1[{label}]")


def blend(shot: Shot, one: str, two: str, label: str, rate: Fraction) -> str:
    """The chain of a transition from `[one]` to `[two]` over the whole shot."""
    kind = _SLIDE if shot.transition == "slide" else "fade"
    lasts = seconds(shot.frames / rate)
    even = f"settb={rate.denominator}/{rate.numerator}"
    return (
        f"[{one}]{even}[{one}t];[{two}]{even}[{two}t];"
        f"[{one}t][{two}t]xfade=transition={kind}:duration={lasts}:offset=0[{label}]"
    )
