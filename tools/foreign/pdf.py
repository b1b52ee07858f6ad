"""Taking the text out of a PDF and rendering its pages, in the isolated process.

Places are in points (1/72 inch) of the page as it is shown, its `/Rotate` and crop box heeded, with
the origin at the top left.
"""

from collections.abc import Generator
from contextlib import closing, contextmanager
from math import sqrt
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput, LimitExceeded
from tools.foreign.pdf_rules import read_rules
from tools.foreign.pdf_text import Spans, read_chars
from tools.foreign.process import send_line

_POINTS_PER_INCH = 72
_RENDER_DPI = 200
_FEW_CHARS = 10  # a page with fewer has no text of its own
_STAMP_CHARS = 60  # a scan may bear a stamped line: number, date, name of the scanner
_COVERED = 0.5  # share of the page under pictures, from which it may be such a scan
_MOST_SPANS = 3_000  # a page with more is a drawing, and looked at instead
_BAD_SHARE = 0.2  # of characters without a known meaning, from which a page is looked at instead


def read_pages(request: dict[str, Any]) -> dict[str, Any]:
    """Sends, for each page of `path`, its size and its stretches of text; gives how many pages.

    A line is `{page, of, width, height, scan, spans: [[text, x0, y0, x1, y1, turn]], rules: [[x0,
    y0, x1, y1]]}`; `scan` tells that what the page says has to be read off its picture. A span ends
    where a wider gap parts it from the next; `turn` is its direction in quarter turns clockwise.
    """
    with _open(request) as pdf:
        chars = 0
        for index in range(len(pdf)):
            with closing(pdf[index]) as page, closing(page.get_textpage()) as text:
                chars += max(0, text.count_chars())
                if chars > request["max_chars"]:
                    raise LimitExceeded(
                        f"{request['file']} has more than {request['max_chars']:,} characters.",
                        hint="Split it, or raise LIVECUE_LIMITS__SOURCE_CHARS.",
                        details={"file": request["file"]},
                    )
                send_line(_read_page(page, text) | {"page": index + 1, "of": len(pdf)})
        return {"pages": len(pdf)}


def render_pages(request: dict[str, Any]) -> dict[str, Any]:
    """Renders `pages` (from 1) into files of 8-bit BGR rows in `folder`.

    At 200 dots per inch, or as near as `max_pixels` and `longest` (pixels of a side) allow. Gives
    `{pages: [{page, path, width, height, scale}]}`, `scale` in pixels per point.
    """
    rendered: list[dict[str, Any]] = []
    with _open(request) as pdf:
        for number in request["pages"]:
            with closing(pdf[number - 1]) as page:
                width, height = page.get_size()
                scale = min(
                    _RENDER_DPI / _POINTS_PER_INCH,
                    sqrt(request["max_pixels"] / max(1.0, width * height)) * 0.99,
                    request["longest"] / max(width, height, 1.0),
                )
                with closing(page.render(scale=scale, rev_byteorder=False)) as bitmap:
                    path = Path(request["folder"]) / f"{number}.bgr"
                    _write_rows(bitmap, path)
                    rendered.append(
                        {
                            "page": number,
                            "path": str(path),
                            "width": bitmap.width,
                            "height": bitmap.height,
                            "scale": scale,
                        }
                    )
    return {"pages": rendered}


def _write_rows(bitmap: Any, path: Path) -> None:  # noqa: ANN401
    row = bitmap.width * 3
    with path.open("wb") as out, memoryview(bitmap.buffer).cast("B") as data:
        for start in range(0, bitmap.height * bitmap.stride, bitmap.stride):
            out.write(data[start : start + row])


@contextmanager
def _open(request: dict[str, Any]) -> Generator[Any]:
    import pypdfium2 as pdfium

    file = request["file"]
    try:
        pdf = pdfium.PdfDocument(request["path"])
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise InvalidInput(
                f"{file} is locked with a password.",
                hint="Remove the password (print it to a new PDF), and give that file.",
                details={"file": file},
            ) from error
        raise InvalidInput(
            f"{file} is no readable PDF: it is damaged or cut off.",
            hint="Open it in a viewer, save it anew, and try again.",
            details={"file": file, "reason": str(error)},
        ) from error
    with closing(pdf):
        if not len(pdf):
            raise InvalidInput(
                f"{file} has no pages.",
                hint="Open it in a viewer, save it anew, and try again.",
                details={"file": file},
            )
        if len(pdf) > request["max_pages"]:
            raise LimitExceeded(
                f"{file} has {len(pdf):,} pages; {request['max_pages']:,} are read.",
                hint="Split it, or raise LIVECUE_LIMITS__PDF_PAGES.",
                details={"file": file, "pages": len(pdf)},
            )
        yield pdf


def _read_page(page: Any, text: Any) -> dict[str, Any]:  # noqa: ANN401
    width, height = page.get_size()
    spans = Spans(width, height)
    said = unknown = 0
    for char in read_chars(page, text):
        if char.text.isspace() or not char.text:
            spans.space(char)
            continue
        said += 1
        unknown += char.unknown
        spans.add(char)
    scan = unknown > _BAD_SHARE * said or len(spans.done) > _MOST_SPANS
    if not scan and said < _STAMP_CHARS:
        texts, drawings, covered = _look_at_objects(page)
        if said < _FEW_CHARS:
            scan = drawings or (texts and not said)
        else:
            scan = covered >= _COVERED * width * height
    return {
        "width": width,
        "height": height,
        "scan": scan,
        "spans": [] if scan else spans.finish(),
        "rules": [] if scan else read_rules(page),
    }


def _look_at_objects(page: Any) -> tuple[bool, bool, float]:  # noqa: ANN401
    """Whether the page has text and other objects, and the area under its pictures."""
    import pypdfium2.raw as pdfium

    texts, drawings, covered = False, False, 0.0
    for thing in page.get_objects(max_depth=5):
        if thing.type == pdfium.FPDF_PAGEOBJ_TEXT:
            texts = True
        elif thing.type != pdfium.FPDF_PAGEOBJ_FORM:
            drawings = True
        if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = thing.get_bounds()
            covered += max(0.0, right - left) * max(0.0, top - bottom)
    return texts, drawings, covered
