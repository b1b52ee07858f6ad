"""Plain text and Markdown: lines, wrapped sentences, Markdown tables; and decoding."""

import re
from collections.abc import Iterator
from pathlib import Path

from domain.errors import InvalidInput, LimitExceeded
from domain.evidence import Locator, Passage, Source
from domain.settings import Limits
from tools.documents.grids import PROPERTY, VALUE
from tools.documents.headings import GENERIC
from tools.documents.reading import ReadContext, make_passage
from tools.encodings import find_encoding

_LIST_OR_LABEL = re.compile(r"\s*(?:[-*+•·#>|\[【(（]|\d+[.)、]|[^:：]{1,30}[:：])")
_TABLE_RULE = re.compile(r"\s*+\|?\s*+:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)++\|?\s*+")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+\S")
_MESSAGE = re.compile(
    r"\s*[\[(（【]?(?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?|\d{1,2}:\d{2})\D"
    r"|.{1,40}[\s\[(（,，](?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?\S{0,4}\s+)?"
    r"(?:(?:上午|下午|[AaPp][Mm])\s?)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?[\])）]?[:：]?\s*$"
)
_MESSAGES = 3
_GENERIC = ("property", "value")
_UNSEEN = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_WRAP_COLUMN = 50
_QUOTED = re.compile(r"(?:> ?)+")


def read_text(source: Source, path: Path, context: ReadContext) -> list[Passage]:
    """A passage for each line of a text or Markdown file, wrapped sentences put together."""
    return list(cut_lines(source, load_text(source, path, context.limits)))


def load_text(source: Source, path: Path, limits: Limits) -> str:
    """The text of a file, decoded; raises InvalidInput and LimitExceeded."""
    text = decode_text(path.read_bytes(), source.file)
    if len(text) > limits.source_chars:
        raise LimitExceeded(
            f"{source.file} has {len(text):,} characters; {limits.source_chars:,} are read.",
            hint="Split it, or raise LIVECUE_LIMITS__SOURCE_CHARS.",
            details={"file": source.file},
        )
    return text


def decode_text(data: bytes, file: str) -> str:
    """The text of `data`, by `tools.encodings.find_encoding`.

    Raises InvalidInput where the encoding cannot be told safely: a wrong guess would give wrong
    words silently.
    """
    encoding = find_encoding(data)
    if encoding is None:
        raise InvalidInput(
            f"{file} is in an encoding that cannot be told safely.",
            hint="Save it as UTF-8.",
            details={"file": file},
        )
    return data.decode(encoding).removeprefix("\ufeff")


def cut_lines(source: Source, text: str) -> Iterator[Passage]:
    """A passage for each line that says something; a sentence wrapped over lines is one passage.

    In a chat, told by the times of its messages, each line stands for itself, so that the words of
    two people are never put together. Rows of a Markdown table are passages with cells; its
    heading is none.
    """
    heading: list[str] | None = None
    table = 0
    lines = [line.lstrip(_UNSEEN) for line in text.splitlines()]
    is_chat = sum(_MESSAGE.match(line) is not None for line in lines) >= _MESSAGES
    blocks = list(_unwrap(lines, wrapped=not is_chat))
    followers = [block for _, block in blocks[1:]] + [""]
    for (number, block), following in zip(blocks, followers, strict=True):
        place = Locator(line=number)
        if "|" in block and _TABLE_RULE.fullmatch(following):
            heading = _cut(block)
            table += 1
            continue
        if _TABLE_RULE.fullmatch(block):
            continue
        if heading is not None and "|" in block and (pairs := _pairs(heading, _cut(block))):
            for label, value in pairs:
                cells = {PROPERTY: label, VALUE: value}
                yield make_passage(source, block.strip(), place, cells=cells, table=table)
            continue
        if heading is not None and "|" in block:
            cells = {name: cell for name, cell in zip(heading, _cut(block), strict=False) if cell}
            yield make_passage(source, block.strip(), place, cells=cells, table=table)
            continue
        heading = None
        is_heading = not is_chat and _HEADING.match(block) is not None
        yield make_passage(source, block.strip(), place, heading=is_heading)


def _pairs(heading: list[str], cells: list[str]) -> list[tuple[str, str]]:
    """The pairs of property and value of a row, where the heading says the same twice or no more.

    `| item | content | item | content |`, `| Property | Value |`.
    """
    names = [name.casefold() for name in heading]
    twice = len(names) in (4, 6) and len({*names[::2]}) == len({*names[1::2]}) == 1
    plain = len(names) == len(_GENERIC) and all(map(GENERIC.fullmatch, heading))
    if not twice and not plain:
        return []
    pairs = zip(cells[::2], cells[1::2], strict=False)
    return [(label, value) for label, value in pairs if label and value]


def _cut(row: str) -> list[str]:
    return [cell.strip(" *_`") for cell in row.strip().strip("|").split("|")]


def _unwrap(lines: list[str], *, wrapped: bool) -> Iterator[tuple[int, str]]:
    """`(number of the first line, text)` of each line; hard-wrapped prose is put together."""
    start, block = 0, ""
    for number, line in enumerate(lines, start=1):
        if wrapped and block and _continues(block.rsplit("\n", 1)[-1], line):
            block += "\n" + line
            continue
        if block.strip():
            yield start, block
        start, block = number, line
    if block.strip():
        yield start, block


def _continues(line: str, following: str) -> bool:
    """Prose broken at a margin: a long line without an end, then a word in lower case.

    Both may be quoted in a mail, at the same depth.
    """
    depth, deeper = _QUOTED.match(line), _QUOTED.match(following)
    if depth and deeper and depth.group().rstrip() == deeper.group().rstrip():
        line, following = line[depth.end() :], following[deeper.end() :]
    return line.strip() != "" and (
        len(line.rstrip()) >= _WRAP_COLUMN
        and line.rstrip()[-1] not in ".!?:;。！？：；|"
        and following[:1].islower()
        and not _LIST_OR_LABEL.match(following)
    )
