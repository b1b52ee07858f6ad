"""The cover: the best frame of a clip, framed as the clip is, with its title."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw

from domain.timeline import Aspect
from tools.effects.drawing import draw_lines, fit_text, line_height, rgb, without_emoji
from tools.effects.fonts import find_font
from tools.effects.theme import Theme, safe_areas
from tools.film.ffmpeg import Cancelled, run_ffmpeg
from tools.film.filters import Graph, draw_take
from tools.film.layout import Layout, Placed
from tools.film.shots import FramedSpan, Shot, Take
from tools.film.source import Recorded
from tools.reframing.watching import Watched


def best_moment(layout: Layout, watched: Mapping[str, Watched]) -> tuple[Placed, int]:
    """The piece and its frame that make the best still."""
    found = [
        (look.score, -placed.first, look.frame, placed)
        for placed in layout.pieces
        for look in watched[placed.piece.piece_id].looks
    ]
    if not found:
        return layout.pieces[0], layout.pieces[0].frames // 3
    best = max(found, key=lambda one: one[:3])
    return best[3], best[2]


def draw_cover(
    recorded: Recorded,
    layout: Layout,
    placed: Placed,
    frame: int,
    spans: Sequence[FramedSpan],
    *,
    size: tuple[int, int],
    out: Path,
    cancelled: Cancelled,
) -> None:
    """Write one frame of a piece, framed, as a picture."""
    span = next((s for s in spans if s.first <= frame < s.first + s.frames), spans[0])
    path = span.framing.path
    at = path[min(frame - span.first, len(path) - 1)]
    framing = replace(span.framing, path=(at,))
    take = Take(placed.piece.piece_id, placed.seen + frame / layout.rate, framing)
    graph = Graph()
    draw_take(graph, recorded, take, Shot(0, 1, (take,)), size, layout, "still")
    asked = [*graph.inputs, "-filter_complex", ";".join(graph.chains), "-map", "[still]"]
    asked += ["-frames:v", "1", "-update", "1", str(out.resolve())]
    run_ffmpeg(asked, what="the cover", cancelled=cancelled)


def title_cover(
    still: Path, title: str, theme: Theme, aspect: Aspect, *, fonts: Sequence[Path], out: Path
) -> None:
    """Write the still with the title over it, as JPEG."""
    with Image.open(still) as opened:
        picture = opened.convert("RGB")
    said = without_emoji(title)
    if said:
        _write_title(picture, said, theme, aspect, fonts)
    with tempfile.NamedTemporaryFile(dir=out.parent, suffix=".part", delete=False) as part:
        path = Path(part.name)
    try:
        picture.save(path, "JPEG", quality=90)
        path.replace(out)
    finally:
        path.unlink(missing_ok=True)


def _write_title(
    picture: Image.Image, title: str, theme: Theme, aspect: Aspect, fonts: Sequence[Path]
) -> None:
    look = theme.cover
    width, height = picture.size
    short = min(width, height)
    safe = safe_areas()[aspect]
    room = width * (1 - 2 * max(safe.left, safe.right)) - short * 0.04
    font = find_font(fonts, text=title)
    lines, face = fit_text(title, font, size=round(short * 0.105), width=room, lines=3)
    block = line_height(face) * len(lines)
    middle = {
        "top": height * safe.top + block / 2 + short * 0.05,
        "middle": height / 2,
        "bottom": height * (1 - safe.bottom) - block / 2 - short * 0.05,
    }[look.place]
    shade = Image.new("L", (1, height))
    for y in range(height):
        far = abs(y - middle) / (block / 2 + short * 0.16)
        shade.putpixel((0, y), round(205 * max(0.0, 1 - max(0.0, far - 0.55) / 0.9)))
    ground = Image.new("RGB", picture.size, rgb(look.ground))
    picture.paste(ground, (0, 0), shade.resize(picture.size))
    draw_lines(picture, lines, face, middle=(width / 2, middle), colour=look.text)
    bar = short * 0.008
    top = middle - block / 2 - short * 0.035
    ImageDraw.Draw(picture).rounded_rectangle(
        (width / 2 - short * 0.07, top, width / 2 + short * 0.07, top + bar), bar, fill=look.accent
    )
