"""Bilibili's danmaku XML: `<d p="time,mode,size,colour,sent,pool,user,row">text</d>`.

Recorders of live rooms add `user="name"` to `<d>`, and paid comments as `<sc ts="time" user="…">`.
"""

import codecs
import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from importlib import import_module
from typing import Any, cast

from domain.errors import InvalidInput
from live.feeds.feed import Parsed
from live.feeds.rows import BadLine, CommentRow, FeedProblem, clean, to_ms

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_DECLARES = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_STRAY = re.compile(r"<(?![/?!A-Za-z])|&(?!#?\w{1,10};)")
MOST_LINES = 16
"""Lines' worth of text that may come without a tag."""

_MODE_SPECIAL, _MODE_CODE = "7", ("8", "9")
_USER = 6


def parse_danmaku(blocks: Iterator[bytes], *, file: str, most: int) -> Iterator[Parsed[CommentRow]]:
    """Rows and problems as the elements end; broken markup costs the elements that it breaks.

    Raises InvalidInput where the file declares a document type or entities, which no danmaku does.
    """
    etree = cast("Any", import_module("lxml.etree"))
    parser = etree.XMLPullParser(
        events=("end",),
        tag=("d", "sc"),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
    )
    decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
    rest, told = "", 0
    for block in blocks:
        if not block:
            yield None
            continue
        rest += _NOT_XML.sub("", decode(block))
        if _DECLARES.search(rest):
            raise InvalidInput(
                f"{file} declares a document type or entities, which danmaku files never do.",
                hint="Download it again from where it came.",
                details={"file": file},
            )
        whole, end, rest = rest.rpartition(">")
        if len(rest) > most * MOST_LINES:
            raise InvalidInput(
                f"{file} has {len(rest):,} characters without a tag: it is no danmaku file.",
                hint="Give bilibili's XML, or JSON lines.",
                details={"file": file},
            )
        parser.feed(_mended(whole + end).encode())
        yield from _rows(parser, file, most)
        for problem in _told(parser, told, file):
            told += 1
            yield problem
    parser.feed(_mended(rest).encode())
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        yield FeedProblem(file, error.lineno or 1, f"it is no XML: {error.msg}")
    yield from _rows(parser, file, most)
    yield from _told(parser, told, file)


def _mended(text: str) -> str:
    """The text with `<` and `&` escaped where recorders forgot to."""
    return _STRAY.sub(lambda found: "&lt;" if found[0] == "<" else "&amp;", text)


def _rows(parser: Any, file: str, most: int) -> Iterator[Parsed[CommentRow]]:  # noqa: ANN401 (as _row)
    for _, element in parser.read_events():
        line: int = element.sourceline or 1
        try:
            row = _row(element, most)
            if row is not None:
                yield line, row
        except BadLine as error:
            yield FeedProblem(file, line, str(error))
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _row(element: Any, most: int) -> CommentRow | None:  # noqa: ANN401 (lxml is untyped)
    text: str = element.text or ""
    user: str | None = element.get("user")
    if element.tag == "sc":
        return CommentRow(_time(element.get("ts")), user, clean(text, most))
    described: str = element.get("p") or ""
    parts = described.split(",")
    at_ms = _time(parts[0])
    mode = parts[1] if len(parts) > 1 else "1"
    if mode in _MODE_CODE:
        return None
    if mode == _MODE_SPECIAL:
        text = _special(text)
    if not user and len(parts) > _USER:
        user = parts[_USER]
    return CommentRow(at_ms, user or None, clean(text, most))


def _special(text: str) -> str:
    """The words of a positioned comment: the fifth entry of a JSON list."""
    try:
        return str(json.loads(text)[4])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise BadLine("its positioned text cannot be read") from error


def _time(text: str | None) -> int:
    try:
        return to_ms(Decimal(text or ""))
    except InvalidOperation as error:
        raise BadLine(f"{text!r} is no time in seconds") from error


def _told(parser: Any, told: int, file: str) -> Iterator[FeedProblem]:  # noqa: ANN401 (as _row)
    """What the parser found wrong since `told` entries of its log."""
    log: list[Any] = list(parser.feed_error_log)
    for entry in log[told:]:
        yield FeedProblem(file, entry.line, f"broken XML: {entry.message}")
