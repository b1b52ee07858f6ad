"""The lines of a document's pages: running heads, wrapped sentences, headings."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tools.documents.layout import Line
from tools.documents.rows import Piece, merge

_LISTED = 3  # items of a list, from which a line without another is not part of it
_SAME_EDGE = 1  # tens of units by which the left ends of lines of one column differ
_MARGIN = 0.12  # of a page's height, at its top and bottom, where running heads and feet stand
_LARGER = 1.25  # times the text's size, from which a line is a heading
_HEADING_CHARS = 80
_ENDS = ".!?;:。！？；："
_WRAPPED_LATIN, _WRAPPED_HAN = 30, 15  # characters; a shorter line was ended on purpose
_HYPHENATED = re.compile(r"(\w+)-$")
_LEADS_ON = re.compile(
    r"\b(?:a|an|the|in|of|to|and|or|with|for|from|by|on|at|is|are|as|than)$", re.IGNORECASE
)
_PAGE_NUMBER = re.compile(
    r"^\W*(?:page|p\.|第)?\s*(?:#|\d{1,4}|[ivxlc]{1,6})\s*(?:(?:/|of|页|共)\W*\d*\W*页?)?\W*$", re.I
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LABEL = re.compile(r"[^:：]{1,12}[:：]")


@dataclass(slots=True)
class Page:
    """A page (`number` from 1) of `width` x `height` points; `scan` tells that it is a picture."""

    number: int
    width: float
    height: float
    scan: bool
    lines: list[Line] = field(default_factory=list[Line])


def drop_repeated(pages: Sequence[Page]) -> None:
    """Takes running heads and feet off all pages but the first that bears them.

    Such a line stands in the margin of more than half of the pages, its page number aside.
    """
    keys = [
        [(_running_key(line, page), line) for line in page.lines if _is_in_margin(line, page)]
        for page in pages
    ]
    counts = Counter(key for of_page in keys for key in {key for key, _ in of_page})
    running = {key for key, count in counts.items() if count > max(1, len(pages) / 2)}
    seen: set[tuple[str, bool]] = set()
    for page, of_page in zip(pages, keys, strict=True):
        gone = {id(line) for key, line in of_page if key in running & seen}
        page.lines = [line for line in page.lines if id(line) not in gone]
        seen |= {key for key, _ in of_page}


def _is_in_margin(line: Line, page: Page) -> bool:
    _, top, _, bottom = line.piece.box
    is_margin = bottom <= _MARGIN * page.height or top >= (1 - _MARGIN) * page.height
    return is_margin and not line.table


def _running_key(line: Line, page: Page) -> tuple[str, bool]:
    text = re.sub(rf"(?<!\d){page.number}(?!\d)", "#", line.piece.text)
    return _PAGE_NUMBER.sub("#", text), line.piece.box[1] < page.height / 2


def find_body_size(pages: Sequence[Page]) -> float:
    """The height in points of a line of most of the text, 0 where there is none."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            if not page.scan and not line.table:
                sizes[round(line.piece.size, 1)] += len(line.piece.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def is_heading(line: Line, body: float) -> bool:
    """Whether a line is a title: clearly larger than the text, short, and not a sentence."""
    piece = line.piece
    return (
        not line.table
        and body > 0
        and piece.size >= _LARGER * body
        and 2 <= len(piece.text) <= _HEADING_CHARS
        and sum(char.isalpha() for char in piece.text) >= 2
        and piece.text[-1] not in ".。;；,，"
    )


def join_wrapped(lines: Sequence[Line]) -> list[Line]:
    """Sentences that go on in the next line as one line; words parted by a hyphen made whole."""
    words = {word for line in lines for word in re.findall(r"\w+-\w+", line.piece.text)}
    right = _find_margins(lines)
    joined: list[Line] = []
    last: Piece | None = None
    for line in lines:
        text = None
        if last and not line.table and _follows(last, line.piece):
            text = _join_text(last, line.piece.text, words, right)
        if text is None or last is None:
            joined.append(line)
        else:
            whole = merge((joined[-1].piece, line.piece), " ")
            joined[-1] = Line((replace(whole, text=text, size=line.piece.size),))
        # the next line is compared with where this one stands and with all that was joined
        last = None if line.table else replace(line.piece, text=joined[-1].piece.text)
    return joined


def _follows(last: Piece, piece: Piece) -> bool:
    """Whether a line stands right below another, in its column and of its size."""
    height = min(last.height, piece.height)
    gap = piece.box[1] - last.box[3]
    common = min(last.box[2], piece.box[2]) - max(last.box[0], piece.box[0])
    return (
        -height / 2 < gap < 0.9 * height
        and max(last.height, piece.height) < 1.2 * height
        and common > 0.5 * min(last.box[2] - last.box[0], piece.box[2] - piece.box[0])
        and abs(last.box[0] - piece.box[0]) < 3 * height
    )


def _join_text(last: Piece, text: str, words: set[str], right: dict[int, float]) -> str | None:
    """The text of both lines when the sentence goes on, else None."""
    before = last.text
    hyphen = _HYPHENATED.search(before)
    if hyphen and text[0].islower():
        following = re.match(r"\w+", text)
        whole = f"{hyphen[1]}-{following[0] if following else ''}"
        return before + text if whole in words else before[:-1] + text
    if before[-1] in _ENDS or _LABEL.match(text):
        return None
    near = range(_column(last) - _SAME_EDGE, _column(last) + _SAME_EDGE + 1)
    margin = max((right[column] for column in near if column in right), default=0)
    fills = last.box[2] >= margin - 1.2 * last.height
    leads_on = _LEADS_ON.search(before) is not None
    if text[0].islower() and (len(before) >= _WRAPPED_LATIN or fills or leads_on):
        return f"{before} {text}"
    if fills and len(before) >= _WRAPPED_LATIN and (text[0] == "(" or leads_on):
        return f"{before} {text}"
    if before[-1] in "、，,":
        return f"{before} {text}" if text[0].isascii() else before + text
    ends_a_list = before.count("、") >= _LISTED and "、" not in text
    if fills and not ends_a_list and _HAN.match(text) and len(_HAN.findall(before)) >= _WRAPPED_HAN:
        return before + text
    return None


def _find_margins(lines: Sequence[Line]) -> dict[int, float]:
    """Where the lines that begin at one place end at most, by that place."""
    margins: dict[int, float] = {}
    for line in lines:
        piece = line.piece
        margins[_column(piece)] = max(margins.get(_column(piece), 0), piece.box[2])
    return margins


def _column(piece: Piece) -> int:
    return round(piece.box[0] / 10)
