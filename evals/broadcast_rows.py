"""Rows of questions on air: a broadcast with its records, its transcript and its questions."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from domain.evidence import Evidence
from domain.product import (
    Conflict,
    ConflictValue,
    ProductDocument,
    ProductRecord,
    ProductStatus,
    iter_fields,
)


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Disagreement(_Row):
    """A field that sources give different values for."""

    field: str
    values: list[str]


class BroadcastProduct(_Row):
    """A record as it is published."""

    product_id: str
    record: dict[str, Any]
    conflicts: list[Disagreement] = []


class SpokenLine(_Row):
    """What was said until second `t` of the stream."""

    t: float
    speaker: Literal["host", "guest", "screen"] = "host"
    text: str
    product_id: str | None = None


class BroadcastQuestion(BaseModel):
    """A question at second `at` of the stream, None where it is asked of the record alone.

    An answer has to say one of each group of `must`, the first group at least, and none of
    `must_not`; `opens` is the yes or no that it has to begin with, where it is such a question.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    lang: Literal["en", "zh"]
    product_id: str | None = None
    at: float | None = None
    previous: tuple[str, ...] = ()
    source: Literal["record", "live", "both", "none"]
    type: str
    opens: Literal["yes", "no"] | None = None
    must: list[list[str]] = []
    must_not: list[str] = []


class Broadcast(BaseModel):
    """A scenario."""

    model_config = ConfigDict(frozen=True)

    scenario: str
    products: list[BroadcastProduct]
    transcript: list[SpokenLine]
    questions: list[BroadcastQuestion]

    def documents(self) -> list[ProductDocument]:
        """The records, each value with itself as its quote."""
        return [_document(product) for product in self.products]

    def transcript_jsonl(self) -> str:
        """The transcript as a feed."""
        rows = (line.model_dump(exclude_none=True) for line in self.transcript)
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def known(self, at: float | None) -> list[str]:
        """What stands in the records, and what had been said by then."""
        facts = [
            f"{path} {value}"
            for product in self.products
            for path, value in iter_fields(ProductRecord.model_validate(product.record))
        ]
        disputed = [v for product in self.products for c in product.conflicts for v in c.values]
        said = [line.text for line in self.transcript if at is not None and line.t <= at]
        return [*facts, *disputed, *said]


def _document(product: BroadcastProduct) -> ProductDocument:
    record = ProductRecord.model_validate(product.record)
    conflicts = [
        Conflict(
            field=one.field,
            values=[ConflictValue(value=v, evidence=[_evidence(v)]) for v in one.values],
        )
        for one in product.conflicts
    ]
    return ProductDocument(
        product_id=product.product_id,
        version=1,
        status=ProductStatus.PUBLISHED,
        record=record,
        evidence={path: [_evidence(value)] for path, value in iter_fields(record)},
        conflicts=conflicts,
    )


def _evidence(value: str) -> Evidence:
    return Evidence(source="record", file="record.json", quote=value)
