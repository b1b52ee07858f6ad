"""Sources and contexts for the tests of readers that need no engine."""

from domain.evidence import Source
from domain.progress import ProgressSink, discard
from domain.settings import Limits
from tools.documents import ReadContext
from tools.sources import HEAD_BYTES, detect_kind


def source_of(file: str, data: bytes) -> Source:
    """A source of its detected kind."""
    kind, media_type = detect_kind(file, data[:HEAD_BYTES])
    return Source(
        source_id="s1", file=file, kind=kind, media_type=media_type, blob="0", size=len(data)
    )


def text_context(limits: Limits | None = None, *, progress: ProgressSink = discard) -> ReadContext:
    """A context whose engines must not be asked for."""

    def no_engine() -> object:
        raise AssertionError("no engine in this test")

    return ReadContext(
        limits=limits or Limits(),
        ocr=no_engine,  # type: ignore[arg-type]
        transcriber=no_engine,  # type: ignore[arg-type]
        progress=progress,
    )
