"""Reading exported product documents back in."""

import json
import math
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from domain.errors import InvalidInput, LimitExceeded
from domain.product import ProductDocument, iter_fields
from stores.ids import checked_id
from tools.record_fields import check_value, parse_field

MOST_VALUES = 2_000
"""Values of one record: each is embedded when it is published."""
MOST_ENTRIES = 50_000
"""Everything else that a document lists: evidence, conflicting values, passages set aside."""

_DOCUMENTS = TypeAdapter(list[ProductDocument])


def read_documents(body: Any, limit: int) -> list[ProductDocument]:  # noqa: ANN401 - any JSON
    """The documents of an import: one as `product export` writes it, or a list of them.

    Nothing is coerced: a price that is text is refused. All are checked before the first is given.

    Raises:
        InvalidInput: names the place of the first bad value (`[2].record.live_price`).
        LimitExceeded: more than `limit` documents, or a document with too many values.
    """
    many = isinstance(body, list)
    given = cast("list[Any]", body) if many else [body]
    if len(given) > limit:
        raise LimitExceeded(
            f"{len(given)} products; {limit} are taken at once.",
            hint="Import them in parts, or raise LIVECUE_LIMITS__PRODUCTS_PER_INTAKE.",
        )
    try:
        documents = _DOCUMENTS.validate_json(json.dumps(given), strict=True)
    except ValidationError as error:
        problems = [
            {"at": _place(item["loc"], many=many), "problem": item["msg"]}
            for item in error.errors(include_url=False, include_input=False)[:20]
        ]
        first = problems[0]
        raise InvalidInput(
            f"{first['at'] or 'the document'}: {first['problem']}",
            hint="Import what `livecue product export` wrote.",
            details={"problems": problems},
        ) from error
    for index, document in enumerate(documents):
        _check(document, f"[{index}]." if many else "")
    return documents


def unbacked_fields(document: ProductDocument) -> list[str]:
    """The paths of values that no evidence stands behind."""
    return [fact.field for fact in document.facts() if not fact.evidence]


def _place(loc: tuple[int | str, ...], *, many: bool) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc]
    return "".join(parts if many else parts[1:]).lstrip(".")


def _check(document: ProductDocument, prefix: str) -> None:
    """Refuse what has the shape of a document and still cannot be one."""
    checked_id(document.product_id, "product id")
    values = iter_fields(document.record)
    entries = (
        sum(map(len, document.evidence.values()))
        + sum(len(conflict.values) for conflict in document.conflicts)
        + len(document.dropped)
        + len(document.set_aside)
        + len(document.corrections)
        + len(document.sources)
    )
    for count, most, what in (
        (len(values), MOST_VALUES, "values"),
        (entries, MOST_ENTRIES, "entries of evidence and the like"),
    ):
        if count > most:
            raise LimitExceeded(
                f"{prefix}{document.product_id} has {count} {what}; {most} are taken.",
                hint="Split the product.",
            )
    for path, value in values:
        is_number = path in ("list_price", "live_price") or path.startswith("variants.stock.")
        if is_number and not 0 <= float(value) < math.inf:
            raise InvalidInput(
                f"{prefix}record.{path}: {value} is no price or count.",
                hint="Give a number from 0 up.",
            )
    named = [
        *((f"evidence.{path}", path) for path in document.evidence),
        *((f"conflicts[{i}].field", c.field) for i, c in enumerate(document.conflicts)),
        *((f"corrections[{i}].field", c.field) for i, c in enumerate(document.corrections)),
    ]
    for at, path in named:
        try:
            parse_field(path)
        except InvalidInput as error:
            raise InvalidInput(f"{prefix}{at}: {error.message}", hint=error.hint) from error
    for index, correction in enumerate(document.corrections):
        if correction.value is None:
            continue
        try:
            check_value(parse_field(correction.field), correction.value)
        except InvalidInput as error:
            at = f"{prefix}corrections[{index}].value"
            raise InvalidInput(f"{at}: {error.message}", hint=error.hint) from error
