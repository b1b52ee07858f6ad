"""The product record: CONTRACTS' `product export` document and its parts."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from domain.evidence import Evidence, SourceKind

Text = Annotated[str, Field(min_length=1)]


class ProductStatus(StrEnum):
    """A version waits for a person, is what viewers are answered from, or was replaced."""

    AWAITING_APPROVAL = "awaiting_approval"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


class Variants(BaseModel):
    """What the buyer chooses between; `stock` is keyed by the variant as the source writes it."""

    model_config = ConfigDict(extra="forbid")

    sizes: list[Text] = []
    colours: list[Text] = []
    stock: dict[str, int] = {}


class ProductRecord(BaseModel):
    """Facts about one product, in the source's own language and wording.

    Prices are in units of `currency` (ISO 4217). Each value is backed by evidence that the
    enclosing `ProductVersion` holds under the value's field path.
    """

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    brand: str | None = None
    category: str | None = None
    list_price: float | None = None
    live_price: float | None = None
    currency: str | None = None
    promotion: list[Text] = []
    variants: Variants = Field(default_factory=Variants)
    specs: dict[str, Text] = {}
    materials: list[Text] = []
    ingredients: list[Text] = []
    selling_points: list[Text] = []
    usage: list[Text] = []
    audience: str | None = None
    certifications: list[Text] = []
    shipping: str | None = None
    returns_warranty: list[Text] = []
    warnings: list[Text] = []


class Fact(BaseModel):
    """One stored value: a field path such as `specs.weight` or `selling_points[0]`, and why.

    `value` is the value as text, in the source's wording; for a number it is the plain decimal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    value: str
    unit: str | None = None
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0


class ConflictValue(BaseModel):
    """One of the values that sources give for the same field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: str
    evidence: list[Evidence]


class Conflict(BaseModel):
    """Sources disagree on `field`; `policy` names the rule that resolved it, if one did."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    values: list[ConflictValue]
    status: Literal["open", "resolved"] = "open"
    policy: str | None = None


class Dropped(BaseModel):
    """A proposed value that was not stored, and the reason (`quote_not_found`, `not_compliant`).

    `evidence` is where a source does say it; `rules` are the ids of the rules that it breaks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    value: str
    reason: str
    file: str | None = None
    evidence: Evidence | None = None
    rules: tuple[str, ...] = ()


class SetAside(BaseModel):
    """Material kept out of this record; `product` names the other goods that it is about.

    `rules` are the ids of those by which no host may say it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    file: str
    reason: str
    product: str | None = None
    rules: tuple[str, ...] = ()


class SourceRef(BaseModel):
    """A source that a version was made of; `sha256` is that of its bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    file: str
    kind: SourceKind
    sha256: str
    size: int


class Correction(BaseModel):
    """What a person set, chose or removed; it outlives new readings of the material.

    `field` is a field path; an index of a list counts only while `was`, the value that it replaced
    or removed, is not known. Without `was` a list gains `value`; without `value` the value is
    removed. `settles` tells that a conflict was decided and not a new value given; `among` holds
    the values that it was decided among: the decision stands until a source says another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    value: str | None = None
    was: str | None = None
    note: str | None = None
    settles: bool = False
    among: tuple[str, ...] = ()
    by: str
    at: datetime


class ProductDocument(BaseModel):
    """One version of a product as it is exported and stored."""

    model_config = ConfigDict(extra="forbid")

    product_id: str
    version: int = Field(ge=1)
    status: ProductStatus
    record: ProductRecord
    evidence: dict[str, list[Evidence]] = {}
    conflicts: list[Conflict] = []
    dropped: list[Dropped] = []
    set_aside: list[SetAside] = []
    corrections: list[Correction] = []
    sources: list[SourceRef] = []

    def facts(self) -> list[Fact]:
        """Every stored value with its evidence, in the record's field order."""
        return [
            Fact(field=path, value=value, evidence=tuple(self.evidence.get(path, ())))
            for path, value in iter_fields(self.record)
        ]

    def fact(self, path: str) -> Fact | None:
        """The fact at `path`, or None."""
        return next((fact for fact in self.facts() if fact.field == path), None)


class ProductSummary(BaseModel):
    """A line of `product list`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product_id: str
    name: str
    version: int
    status: ProductStatus
    published_version: int | None
    updated_at: datetime


class VersionSummary(BaseModel):
    """A line of `product versions`; `actor` made the version or was the last to decide on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    status: ProductStatus
    actor: str
    created_at: datetime
    updated_at: datetime


def plain_number(value: float) -> str:
    """A price as people write it: no exponent, no trailing zeros (`19.9`, `128`)."""
    return format(value, "f").rstrip("0").rstrip(".")


def iter_fields(record: ProductRecord) -> list[tuple[str, str]]:
    """`(field path, value as text)` for every value that is set, in field order."""
    found: list[tuple[str, str]] = []

    def walk(path: str, value: object) -> None:
        match value:
            case None | "":
                return
            case float():
                found.append((path, plain_number(value)))
            case str() | int():
                found.append((path, str(value)))
            case list():
                for index, item in enumerate(cast("list[object]", value)):
                    walk(f"{path}[{index}]", item)
            case dict():
                for key, item in cast("dict[str, object]", value).items():
                    walk(f"{path}.{key}", item)
            case _:
                raise TypeError(f"a record holds no {type(value).__name__} ({path})")

    for name, value in record.model_dump().items():
        walk(name, value)
    return found
