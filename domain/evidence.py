"""Sources and the evidence that points into them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

SourceKind = Literal["text", "html", "table", "pdf", "image", "audio", "video", "person"]

PERSON = "person"
"""The source, and the file, of what a person said."""

OTHER_GOODS = "an advert for other goods"
"""Why a passage is set aside (`Passage.aside`) that speaks of goods other than its source's."""

REVIEW = "a customer's review"
"""Why a passage is set aside that a buyer has written."""


class Locator(BaseModel, frozen=True, extra="forbid"):
    """Where in a source a quote stands; only what the kind of source has is set.

    `page`, `row` and `line` count from 1; `sheet` is the name of a workbook's sheet. `box` is
    `[x0, y0, x1, y1]` in pixels of the stored image as the file holds them, before EXIF turns it
    upright (or PDF points), origin at the top left. `second` is the media time in seconds.
    """

    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    second: float | None = None
    line: int | None = None
    row: int | None = None
    sheet: str | None = None


class Evidence(BaseModel):
    """A quote and where it stands: `source` is the source's id, `file` its name as given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    file: str
    locator: Locator = Locator()
    quote: str


class Source(BaseModel):
    """A piece of product material as it was given; `blob` is its SHA-256 and key in the store."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_id: str
    file: str
    kind: SourceKind
    media_type: str
    blob: str
    size: int


class Passage(BaseModel):
    """A stretch of readable text with its place: a paragraph or line, a table row, an OCR line.

    `cells` holds a table row's values by column heading, and `table` numbers the tables of one
    source, from 1; a row of a table of properties has the cells `property` and `value`. `heading`
    marks a title above what follows. `aside` is the reason why the text is not about the goods of
    its source (an advert for others, a customer's review), None where it is. `confidence` is the
    reader's own (OCR, ASR), 1.0 where the text was there to be read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_id: str
    file: str
    kind: SourceKind
    text: str
    locator: Locator = Locator()
    cells: dict[str, str] | None = None
    table: int | None = None
    heading: bool = False
    aside: str | None = None
    confidence: float = 1.0

    def evidence(self, quote: str | None = None) -> Evidence:
        """Evidence for `quote`, which stands in this passage (the whole passage by default)."""
        return Evidence(
            source=self.source_id,
            file=self.file,
            locator=self.locator,
            quote=self.text if quote is None else quote,
        )


class SourceReport(BaseModel):
    """What became of one source in an intake; `error` is the inner object of the error shape."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    status: Literal["read", "failed", "duplicate"]
    passages: int = 0
    error: dict[str, object] | None = None
