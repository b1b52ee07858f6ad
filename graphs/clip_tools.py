"""What the graph that makes clips works with, wired by the composition root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.experiment_report import TemplateWeights
from domain.progress import ProgressSink
from domain.scope import Scope
from domain.timeline import ClipWord, Timeline
from stores.clips import ClipStore
from tools.film.assets import Assets, Rendered
from tools.storylines import ScorePairs


class Render(Protocol):
    """Renders a timeline to a file (`tools.cutting.render`)."""

    def __call__(
        self,
        timeline: Timeline,
        recording: Path,
        out: Path,
        *,
        work: Path,
        assets: Assets,
        preview: bool = False,
        progress: ProgressSink,
        cancelled: Callable[[], bool],
    ) -> Rendered:
        """The finished clip; raises JobCancelled."""
        ...


class SnapTimeline(Protocol):
    """Moves a timeline's cuts into silence between words."""

    def __call__(
        self,
        timeline: Timeline,
        recording: Path,
        words: Sequence[ClipWord],
        *,
        cancelled: Callable[[], bool],
    ) -> Timeline:
        """The same pieces with other edges."""
        ...


@dataclass(frozen=True)
class ClipTools:
    """Stores and capabilities of the graph that makes clips.

    `folder` keeps rendered shots between runs; `weights` are what experiments taught of an
    industry; `assets` makes what effects need, for a workspace's timeline and its product's names.
    """

    store: ClipStore
    folder: Path
    score_pairs: ScorePairs
    weights: Callable[[Scope, str], TemplateWeights]
    snap: SnapTimeline
    render: Render
    assets: Callable[[Scope, Timeline, Sequence[str]], Assets]
