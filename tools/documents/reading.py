"""What every reader is given and gives: the context of a reading, and passages."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import JobCancelled
from domain.evidence import Locator, Passage, Source
from domain.progress import Progress, ProgressSink, discard, never
from domain.settings import Limits
from models.asr import FileTranscriber
from tools.documents.pictures import LineReader


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a reader may use and has to heed.

    `ocr` and `transcriber` give the engines and are called on first need. `terms` are names of
    products and brands that speech may hold, the most important first; `spellings` are words that
    other sources of the same goods spell out, by which misheard ones are mended. `cancelled` is
    asked now and then by readers that take long.
    """

    limits: Limits
    ocr: Callable[[], LineReader]
    transcriber: Callable[[], FileTranscriber]
    terms: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    progress: ProgressSink = discard
    cancelled: Callable[[], bool] = never

    def step(self, source: Source, done: int, total: int, unit: str) -> None:
        """Tell how far a long reading is; raises JobCancelled when it has to stop."""
        if self.cancelled():
            raise JobCancelled(
                f"reading {source.file} was cancelled", hint="`livecue jobs resume` reads it anew"
            )
        message = f"{source.file}: {done} of {total} {unit}"
        self.progress(Progress(stage="read", message=message, done=done, total=total, unit=unit))


def make_passage(
    source: Source,
    text: str,
    locator: Locator,
    *,
    cells: dict[str, str] | None = None,
    table: int | None = None,
    heading: bool = False,
    aside: str | None = None,
    confidence: float = 1.0,
) -> Passage:
    """A passage of `source`."""
    return Passage(
        source_id=source.source_id,
        file=source.file,
        kind=source.kind,
        text=text,
        locator=locator,
        cells=cells,
        table=table,
        heading=heading,
        aside=aside,
        confidence=confidence,
    )
