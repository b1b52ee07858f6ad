"""The same product material in every form that is read, made on the spot."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

LINES = (
    "Brand: Emberlow",
    "Material: stoneware",
    "Net weight: 390 g",
    "Capacity: 350 ml",
    "Height: 9.5 cm",
    "Colour: Moss",
    "Dishwasher safe",
    "Rinse it with warm water before the first use",
    "Ships within 2 working days",
    "Return it within 30 days",
)
REPEATS = 4
PAGE = [f"{line} ({number})" for number in range(1, REPEATS + 1) for line in LINES]
"""A page of forty lines."""

_PAPER = (1240, 1754)
"""A4 at 150 dots per inch, as office scanners are set."""
_SHEET = 50
_FIRST_OBJECT = 1


def write_material(folder: Path) -> dict[str, Path]:
    """The page as text, web page, tables, PDF, scanned PDF and photo, by kind of source."""
    makers = {
        "text": _write_text,
        "web page": _write_html,
        "CSV": _write_csv,
        "XLSX": _write_xlsx,
        "PDF page with text": _write_pdf,
        "scanned page": _write_scan,
        "photo": _write_photo,
    }
    suffixes = ("txt", "html", "csv", "xlsx", "pdf", "pdf", "jpg")
    paths: dict[str, Path] = {}
    for number, (kind, suffix) in enumerate(zip(makers, suffixes, strict=True)):
        paths[kind] = folder / f"page-{number}.{suffix}"
        makers[kind](paths[kind])
    return paths


def draw_page(lines: Sequence[str]) -> Image.Image:
    """A white sheet with black lines of text, as a camera or a scanner sees it."""
    sheet = Image.new("RGB", _PAPER, "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=26)
    for number, line in enumerate(lines):
        draw.text((90, 60 + number * 41), line, fill="black", font=font)
    return sheet


def _write_text(path: Path) -> None:
    path.write_text("\n".join(PAGE) + "\n", "utf-8")


def _write_html(path: Path) -> None:
    rows = "".join(f"<p>{line}</p>" for line in PAGE)
    path.write_text(f"<!doctype html><html><body><main>{rows}</main></body></html>", "utf-8")


def _cells() -> list[list[str]]:
    pairs = [line.partition(":") for line in PAGE]
    return [["Property", "Value"], *([key, value or key] for key, _, value in pairs)]


def _write_csv(path: Path) -> None:
    path.write_text("\n".join(",".join(row) for row in _cells()) + "\n", "utf-8")


def _write_xlsx(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("list")
    for row in _cells():
        sheet.append(row)
    book.save(path)


def _write_scan(path: Path) -> None:
    draw_page(PAGE).convert("L").save(path, "PDF", resolution=150)


def _write_photo(path: Path) -> None:
    draw_page(PAGE).save(path, "JPEG", quality=85)


def _write_pdf(path: Path) -> None:
    """One page of Helvetica: the five objects that ISO 32000-1, 7.5 asks for, and a table."""
    shown = "".join(f"({line.translate(_ESCAPES)}) Tj T*\n" for line in PAGE)
    stream = f"BT /F1 10 Tf 14 TL 50 800 Td\n{shown}ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data = b"%PDF-1.4\n"
    offsets: list[int] = []
    for number, body in enumerate(objects, start=_FIRST_OBJECT):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    start = data.index(b"xref")
    data += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    path.write_bytes(data)


_ESCAPES = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})
