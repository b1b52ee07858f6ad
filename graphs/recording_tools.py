"""What the clip graph works with, wired by the composition root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.product import ProductDocument
from domain.progress import ProgressSink
from domain.recording import Highlight, Segment, Stage, TaggedUtterance
from domain.stream import Comment, ScreenLine, Utterance
from stores.recordings import RecordingStore
from stores.streams import StreamStore
from tools.transcripts import Hearing


class FindSegments(Protocol):
    """Cuts a recording into the turns of its products."""

    def __call__(
        self,
        utterances: Sequence[TaggedUtterance],
        *,
        products: Sequence[ProductDocument],
        cuts_ms: Sequence[int] = (),
        cards: Sequence[ScreenLine] = (),
    ) -> list[Segment]:
        """The segments in order; `products` is the line-up, `cards` what stood on the screen."""
        ...


class ScoreMoments(Protocol):
    """Looks through a recording for the moments that are worth showing."""

    def __call__(
        self,
        path: Path,
        *,
        utterances: Sequence[Utterance] = (),
        comments: Sequence[Comment] = (),
        progress: ProgressSink,
        cancelled: Callable[[], bool],
    ) -> list[Highlight]:
        """About one highlight a second, in order; raises JobCancelled."""
        ...


@dataclass(frozen=True)
class RecordingTools:
    """Stores and capabilities of the clip graph.

    `made_by` names code and weights of a stage: what they made is made anew once the name changes.
    """

    store: RecordingStore
    streams: StreamStore
    hearing: Hearing
    score_moments: ScoreMoments
    find_segments: FindSegments
    made_by: Callable[[Stage], str]
