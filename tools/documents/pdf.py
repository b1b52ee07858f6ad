"""PDFs: text with its place, tables with cells, and OCR of pages that are pictures.

PDFium works in a process of its own (`tools.foreign.pdf`); here its stretches of text become lines
in reading order. Boxes are in points (1/72 inch) of the page as it is shown, origin at the top
left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from domain.errors import InvalidInput, LimitExceeded
from domain.evidence import Locator, Passage, Source
from tools.documents.layout import Line, arrange, turn_line
from tools.documents.page_lines import (
    Page,
    drop_repeated,
    find_body_size,
    is_heading,
    join_wrapped,
)
from tools.documents.page_tables import (
    Names,
    find_names,
    find_pairs,
    fits,
    join_cells,
    name_cells,
)
from tools.documents.pictures import LONGEST, read_layout
from tools.documents.reading import ReadContext, make_passage
from tools.documents.rows import Piece
from tools.foreign.boxes import Box, turn_box
from tools.isolation import run_isolated

_RENDERED_AT_ONCE = 4
"""Pages on disk at a time: 12 MB each for A4, 48 MB at most."""


def read_pdf(source: Source, path: Path, context: ReadContext) -> list[Passage]:
    """A passage for each line, wrapped sentence, heading and table row of a PDF, page by page.

    A row of a table with a heading row has `cells`. What runs at the head or foot of most pages is
    given once. Pages without text, or with text that has no meaning, are read by OCR. Raises
    LimitExceeded above `pdf_pages` or `ocr_pages` (nothing is read in part), InvalidInput for a
    file that is damaged, locked with a password or without any text.
    """
    pages = _read_text(source, path, context)
    _read_scans(source, path, context, [page for page in pages if page.scan])
    drop_repeated(pages)
    passages = list(_passages(source, pages))
    if not passages:
        raise InvalidInput(
            f"No text can be read in {source.file}.",
            hint="If it holds drawings or pictures of text, give sharper ones, or type the text.",
            details={"file": source.file},
        )
    return passages


def _read_text(source: Source, path: Path, context: ReadContext) -> list[Page]:
    pages: list[Page] = []

    def take(line: dict[str, Any]) -> None:
        page = Page(line["page"], line["width"], line["height"], line["scan"])
        page.lines = _arrange(line["spans"], line["rules"], page)
        pages.append(page)
        context.step(source, page.number, line["of"], "pages")

    request = {"max_chars": context.limits.source_chars}
    _run("read_pages", request, source, path, context, on_line=take)
    return pages


def _arrange(spans: list[list[Any]], rules: list[Box], page: Page) -> list[Line]:
    """The lines of a page; text that runs another way than upright comes after the rest."""
    lines: list[Line] = []
    size = page.width, page.height
    for turn in range(4):
        pieces: list[Piece] = []
        for text, x0, y0, x1, y1, turned in spans:
            if turned == turn:
                box = turn_box((x0, y0, x1, y1), size, turn)
                pieces.append(Piece(text, box, size=box[3] - box[1]))
        frame = (page.height, page.width) if turn % 2 else size
        drawn = [turn_box(rule, size, turn) for rule in rules] if pieces else []
        lines += [turn_line(line, frame, -turn) for line in arrange(pieces, drawn)]
    return lines


def _read_scans(source: Source, path: Path, context: ReadContext, scans: Sequence[Page]) -> None:
    """Fills in the lines of pages that are pictures."""
    if len(scans) > context.limits.ocr_pages:
        raise LimitExceeded(
            f"{source.file} has {len(scans):,} pages without text of their own; "
            f"{context.limits.ocr_pages:,} are read by OCR.",
            hint="Split it, or raise LIVECUE_LIMITS__OCR_PAGES.",
            details={"file": source.file, "pages": len(scans)},
        )
    for start in range(0, len(scans), _RENDERED_AT_ONCE):
        some = scans[start : start + _RENDERED_AT_ONCE]
        with TemporaryDirectory(prefix="livecue-") as folder:
            request = {
                "pages": [page.number for page in some],
                "folder": folder,
                "max_pixels": context.limits.image_pixels,
                "longest": LONGEST,
            }
            result = _run("render_pages", request, source, path, context)
            for done, (page, image) in enumerate(
                zip(some, result["pages"], strict=True), start=start + 1
            ):
                context.step(source, done - 1, len(scans), "scanned pages")
                page.lines = _read_scan(image, context)
    if scans:
        context.step(source, len(scans), len(scans), "scanned pages")


def _read_scan(image: dict[str, Any], context: ReadContext) -> list[Line]:
    pixels = np.fromfile(image["path"], dtype=np.uint8)
    pixels = pixels.reshape(image["height"], image["width"], 3)
    scale = 1 / image["scale"]

    def shrink(box: Box) -> Box:
        x0, y0, x1, y1 = box
        return (x0 * scale, y0 * scale, x1 * scale, y1 * scale)

    def place(cell: Piece) -> Piece:
        seen = shrink(cell.seen) if cell.seen else None
        return replace(cell, box=shrink(cell.box), size=cell.height * scale, seen=seen)

    return [
        replace(line, cells=tuple(place(cell) for cell in line.cells))
        for line in read_layout(pixels, context.ocr())
    ]


def _passages(source: Source, pages: Sequence[Page]) -> Iterator[Passage]:
    body = find_body_size(pages)
    names: Names | None = None
    for page in pages:
        carried, names = names, None
        for number, group in groupby(page.lines, key=lambda line: line.table):
            lines = list(group)
            if number:
                rows = join_cells(lines)
                if pairs := find_pairs(rows):
                    carried = None
                    for row, cells in pairs:
                        yield _passage(source, page, row, cells=cells)
                    continue
                found = find_names(rows)
                names = found or (carried if carried and fits(rows, carried) else None)
                carried = None
                for row in rows[1:] if found else rows:
                    yield _passage(
                        source, page, row, cells=name_cells(row, names) if names else None
                    )
                continue
            for line in join_wrapped(lines):
                yield _passage(source, page, line, heading=is_heading(line, body))


def _passage(
    source: Source,
    page: Page,
    line: Line,
    *,
    cells: dict[str, str] | None = None,
    heading: bool = False,
) -> Passage:
    piece = line.piece
    return make_passage(
        source,
        piece.text,
        Locator(page=page.number, box=_round(piece.place, page)),
        cells=cells,
        heading=heading and not page.scan,
        confidence=piece.confidence,
    )


def _round(box: Box, page: Page) -> Box:
    x0, y0, x1, y1 = box
    return (
        round(max(0.0, x0), 1),
        round(max(0.0, y0), 1),
        round(min(page.width, x1), 1),
        round(min(page.height, y1), 1),
    )


def _run(
    task: str,
    request: dict[str, Any],
    source: Source,
    path: Path,
    context: ReadContext,
    **options: Any,  # noqa: ANN401
) -> dict[str, Any]:
    return run_isolated(
        f"tools.foreign.pdf:{task}",
        request
        | {
            "path": str(path.absolute()),
            "file": source.file,
            "max_pages": context.limits.pdf_pages,
        },
        file=source.file,
        limits=context.limits,
        cancelled=context.cancelled,
        **options,
    )
