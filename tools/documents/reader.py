"""Reading a source into passages, by its kind."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from domain.errors import LimitExceeded, UnsupportedSource
from domain.evidence import Passage, Source, SourceKind
from domain.progress import ProgressSink, discard, never
from tools.documents.html import read_html
from tools.documents.media import read_media
from tools.documents.pdf import read_pdf
from tools.documents.photos import read_photo
from tools.documents.reading import ReadContext
from tools.documents.tables import read_table
from tools.documents.text import read_text
from tools.sources import READ_KINDS

VERSIONS: dict[SourceKind, int] = {
    "text": 4,
    "html": 4,
    "table": 4,
    "pdf": 4,
    "image": 4,
    "audio": 3,
    "video": 3,
}
"""Of what the reader of a kind finds; a change makes known files of the kind be read anew."""

Reader = Callable[[Source, Path, ReadContext], list[Passage]]

_READERS: dict[SourceKind, Reader] = {
    "text": read_text,
    "html": read_html,
    "table": read_table,
    "pdf": read_pdf,
    "image": read_photo,
    "audio": read_media,
    "video": read_media,
}


class DocumentReader:
    """Reads stored sources; `context` holds the limits and the engines."""

    def __init__(self, context: ReadContext) -> None:
        self._context = context

    def read(
        self,
        source: Source,
        path: Path,
        *,
        terms: Sequence[str] = (),
        spellings: Sequence[str] = (),
        progress: ProgressSink = discard,
        cancelled: Callable[[], bool] = never,
    ) -> list[Passage]:
        """The passages of `source`, whose bytes lie at `path`, in the order of the source.

        `terms`, `progress` and `cancelled` are those of `ReadContext`. Raises InvalidInput for a
        file that is empty, damaged or in an unknown encoding, LimitExceeded, UnsupportedSource,
        and JobCancelled; each names the file.
        """
        context = replace(
            self._context,
            terms=tuple(terms),
            spellings=tuple(spellings),
            progress=progress,
            cancelled=cancelled,
        )
        self._check_size(source, path.stat().st_size)
        reader = _READERS.get(source.kind)
        if reader is None:
            raise UnsupportedSource(
                f"{source.file}: a source of the kind {source.kind} is not read.",
                hint=f"Livecue reads {READ_KINDS}.",
                details={"file": source.file},
            )
        return reader(source, path, context)

    def identity(self, source: Source) -> str:
        """What reads `source`: another name may read the same bytes otherwise."""
        heard = source.kind in ("audio", "video")
        engine = f"/{self._context.transcriber().name}" if heard else ""
        return f"{source.kind}/{VERSIONS[source.kind]}{engine}"

    def _check_size(self, source: Source, size: int) -> None:
        limits = self._context.limits
        is_media = source.kind in ("audio", "video")
        limit, setting = (
            (limits.media_bytes, "MEDIA_BYTES")
            if is_media
            else (limits.source_bytes, "SOURCE_BYTES")
        )
        if size > limit:
            raise LimitExceeded(
                f"{source.file} has {size:,} bytes; {limit:,} are read.",
                hint=f"Split it, or raise LIVECUE_LIMITS__{setting}.",
                details={"file": source.file},
            )
