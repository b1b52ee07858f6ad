"""Reading a source into passages: text, Markdown, price lists and photos."""

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from domain.errors import InvalidInput, LimitExceeded, UnsupportedSource
from domain.evidence import Locator, Passage, Source
from domain.settings import Limits
from tools.ocr import LineReader, read_photo
from tools.sources import READ_KINDS
from tools.tables import read_table

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LIST_OR_LABEL = re.compile(r"\s*(?:[-*+•·#>|\[【(（]|\d+[.)、]|[^:：]{1,30}[:：])")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*")
_WRAP_COLUMN = 50


class DocumentReader:
    """Reads stored sources; `ocr` gives the OCR engine and is called on the first photo."""

    def __init__(self, limits: Limits, ocr: Callable[[], LineReader]) -> None:
        self._limits = limits
        self._ocr = ocr

    def read(self, source: Source, path: Path) -> list[Passage]:
        """The passages of `source`, whose bytes lie at `path`, in the order of the source.

        Raises InvalidInput for a file that is empty, damaged or in an unknown encoding,
        LimitExceeded, and UnsupportedSource; each names the file.
        """
        size = path.stat().st_size
        if size > self._limits.source_bytes:
            raise LimitExceeded(
                f"{source.file} has {size:,} bytes; {self._limits.source_bytes:,} are read.",
                hint="Split it, or raise LIVECUE_LIMITS__SOURCE_BYTES.",
                details={"file": source.file},
            )
        match source.kind:
            case "image":
                passages = self._read_photo(source, path)
            case "table":
                passages = self._read_table(source, self._text(source, path))
            case "text":
                passages = list(_read_text(source, self._text(source, path)))
            case _:
                raise UnsupportedSource(
                    f"{source.file}: a source of the kind {source.kind} is not read.",
                    hint=f"Livecue reads {READ_KINDS}.",
                    details={"file": source.file},
                )
        return passages

    def _text(self, source: Source, path: Path) -> str:
        text = decode_text(path.read_bytes(), source.file)
        if len(text) > self._limits.source_chars:
            raise LimitExceeded(
                f"{source.file} has {len(text):,} characters; "
                f"{self._limits.source_chars:,} are read.",
                hint="Split it, or raise LIVECUE_LIMITS__SOURCE_CHARS.",
                details={"file": source.file},
            )
        return text

    def _read_table(self, source: Source, text: str) -> list[Passage]:
        return [
            _passage(source, row.text, Locator(row=row.number), cells=row.cells)
            for row in read_table(text, source.file, max_rows=self._limits.table_rows)
        ]

    def _read_photo(self, source: Source, path: Path) -> list[Passage]:
        lines = read_photo(
            path, self._ocr(), file=source.file, max_pixels=self._limits.image_pixels
        )
        if not lines:
            raise InvalidInput(
                f"No text can be read in {source.file}.",
                hint="Take the photo closer, straight on and in focus, or type the text out.",
                details={"file": source.file},
            )
        return [
            _passage(source, line.text, Locator(box=line.box), confidence=line.confidence)
            for line in lines
        ]


def decode_text(data: bytes, file: str) -> str:
    """The text of `data`: by its byte order mark, else UTF-8, else GB 18030.

    Raises InvalidInput where neither fits: no other encoding is guessed, since a wrong guess
    would give wrong words silently.
    """
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InvalidInput(
        f"{file} is not in an encoding that is read (UTF-8, UTF-16 with a mark, GB 18030).",
        hint="Save it as UTF-8.",
        details={"file": file},
    )


def _read_text(source: Source, text: str) -> Iterator[Passage]:
    """A passage for each line that says something; a sentence wrapped over lines is one passage.

    Rows of a Markdown table are passages with cells; its heading is none.
    """
    heading: list[str] | None = None
    blocks = list(_unwrap(text.splitlines()))
    followers = [block for _, block in blocks[1:]] + [""]
    for (number, block), following in zip(blocks, followers, strict=True):
        if "|" in block and _TABLE_RULE.fullmatch(following):
            heading = _cut(block)
            continue
        if _TABLE_RULE.fullmatch(block):
            continue
        cells = None
        if heading is not None and "|" in block:
            cells = {name: cell for name, cell in zip(heading, _cut(block), strict=False) if cell}
        else:
            heading = None
        yield _passage(source, block.strip(), Locator(line=number), cells=cells)


def _cut(row: str) -> list[str]:
    return [cell.strip(" *_`") for cell in row.strip().strip("|").split("|")]


def _unwrap(lines: list[str]) -> Iterator[tuple[int, str]]:
    """`(number of the first line, text)` of each line, hard-wrapped prose put together."""
    start, block = 0, ""
    for number, line in enumerate(lines, start=1):
        if block and _continues(block.rsplit("\n", 1)[-1], line):
            block += "\n" + line
            continue
        if block.strip():
            yield start, block
        start, block = number, line
    if block.strip():
        yield start, block


def _continues(line: str, following: str) -> bool:
    """Prose broken at a margin: a long line without an end, then a word in lower case."""
    return (
        len(line.rstrip()) >= _WRAP_COLUMN
        and line.rstrip()[-1] not in ".!?:;。！？：；|"
        and following[:1].islower()
        and not _LIST_OR_LABEL.match(following)
    )


def _passage(
    source: Source,
    text: str,
    locator: Locator,
    *,
    cells: dict[str, str] | None = None,
    confidence: float = 1.0,
) -> Passage:
    return Passage(
        source_id=source.source_id,
        file=source.file,
        kind=source.kind,
        text=text,
        locator=locator,
        cells=cells,
        confidence=confidence,
    )
