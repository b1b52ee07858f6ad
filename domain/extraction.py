"""What is read out of material, before and after it is merged into products."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.evidence import Evidence
from domain.product import Conflict, Dropped, ProductRecord, SetAside

FactField = Literal[
    "name",
    "brand",
    "category",
    "list_price",
    "live_price",
    "currency",
    "promotion",
    "sizes",
    "colours",
    "stock",
    "specs",
    "materials",
    "ingredients",
    "selling_points",
    "usage",
    "audience",
    "certifications",
    "shipping",
    "returns_warranty",
    "warnings",
]
FactOrigin = Literal["table", "pattern", "model"]


class ExtractedFact(BaseModel):
    """One value that one place in a source gives for a field of the record.

    `key` is the name of a property (`specs`) or of a variant (`stock`), as written. `value` keeps
    the source's wording; a price is a plain decimal, a currency its ISO 4217 code, a stock a whole
    number. `product` is the name of the goods that the place speaks of, None where it does not
    say. `origin` tells who read it: a table's column, a code pattern, or the model.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: FactField
    key: str | None = None
    value: str = Field(min_length=1)
    product: str | None = None
    origin: FactOrigin
    evidence: Evidence
    stated_on: date | None = None
    correction: bool = False
    confidence: float = 1.0


class Extraction(BaseModel):
    """Everything that was read out of a stretch of material.

    `set_aside` holds what speaks to the assistant or for other goods; `rest` the sentences that
    gave no fact, kept until it is known which goods are meant; `prompts` are the
    `id@version+hash` used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: list[ExtractedFact] = []
    dropped: list[Dropped] = []
    set_aside: list[SetAside] = []
    rest: list[Evidence] = []
    prompts: list[str] = []


class ProductDraft(BaseModel):
    """A product as its sources tell it, not yet a stored version.

    Every value of `record` has at least one entry of `evidence` under its field path
    (`domain.product.iter_fields` lists the paths).
    """

    model_config = ConfigDict(extra="forbid")

    record: ProductRecord
    evidence: dict[str, list[Evidence]] = {}
    conflicts: list[Conflict] = []
    dropped: list[Dropped] = []
    set_aside: list[SetAside] = []
    prompts: list[str] = []
