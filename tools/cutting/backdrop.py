"""Another background behind the person: a blur, a colour or a picture."""

from dataclasses import dataclass
from pathlib import Path

from tools.cutting.assets import PersonFinder
from tools.cutting.ffmpeg import Cancelled
from tools.cutting.filters import Graph
from tools.cutting.layout import Layout
from tools.cutting.shots import Shot, Take
from tools.cutting.source import Recorded


@dataclass(frozen=True)
class Backdrop:
    """What stands behind the person: `blur`, a colour `#rrggbb`, or the picture `file`."""

    kind: str
    file: Path | None
    person: PersonFinder
    digest: str


def replace_background(
    graph: Graph,
    backdrop: Backdrop,
    recorded: Recorded,
    take: Take,
    shot: Shot,
    size: tuple[int, int],
    layout: Layout,
    label: str,
    folder: Path,
    cancelled: Cancelled,
) -> None:
    """Add the chains that make `[label]` of a take with another background."""
    raise NotImplementedError
