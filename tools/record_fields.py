"""The fields of a record: their paths, and what each of them takes as a value."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, cast

from domain.errors import InvalidInput
from domain.product import ProductRecord, iter_fields, plain_number
from tools.extraction.labels import names_property, property_of, read_label
from tools.quotes import fold_text
from tools.same_value import same_value

FieldKind = Literal["text", "price", "currency", "list", "spec", "stock"]

FIELD_KINDS: dict[str, FieldKind] = {
    "name": "text",
    "brand": "text",
    "category": "text",
    "list_price": "price",
    "live_price": "price",
    "currency": "currency",
    "promotion": "list",
    "variants.sizes": "list",
    "variants.colours": "list",
    "variants.stock": "stock",
    "specs": "spec",
    "materials": "list",
    "ingredients": "list",
    "selling_points": "list",
    "usage": "list",
    "audience": "text",
    "certifications": "list",
    "shipping": "text",
    "returns_warranty": "list",
    "warnings": "list",
}
"""Every field that holds values, in the record's order."""

LONGEST_VALUE = 4000
_ITEM = re.compile(r"(?P<name>[a-z_.]+)\[(?P<index>\d{1,6})\]")
_PRICE = re.compile(r"\d{1,12}(?:\.\d{1,6})?")
_DECIMAL_COMMA = re.compile(r"\d{1,9},\d{2}")
_STOCK = re.compile(r"\d{1,9}")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class FieldPath:
    """A place in a record: `live_price`, `specs.Weight`, `selling_points[2]`, `selling_points`.

    `key` names a property or a variant; `index` counts the items of a list from 0.
    """

    name: str
    kind: FieldKind
    key: str | None = None
    index: int | None = None

    def __str__(self) -> str:
        if self.key is not None:
            return f"{self.name}.{self.key}"
        return self.name if self.index is None else f"{self.name}[{self.index}]"


def parse_field(path: str) -> FieldPath:
    """The place that `path` names, which may be a whole list.

    Raises:
        InvalidInput: a record has no such field.
    """
    path = path.strip()
    item = _ITEM.fullmatch(path)
    if item and FIELD_KINDS.get(item["name"]) == "list":
        return FieldPath(item["name"], "list", index=int(item["index"]))
    kind = FIELD_KINDS.get(path)
    if kind in ("spec", "stock"):
        raise InvalidInput(f"{path} holds values by name.", hint=f"Say which: {path}.NAME")
    if kind is not None:
        return FieldPath(path, kind)
    for name, keyed in (("specs", "spec"), ("variants.stock", "stock")):
        if path.startswith(f"{name}.") and (key := path[len(name) + 1 :].strip()):
            return FieldPath(name, cast("FieldKind", keyed), key=key)
    raise _unknown(path)


def _unknown(path: str) -> InvalidInput:
    shown = [
        f"{name}.NAME" if kind in ("spec", "stock") else f"{name}[N]" if kind == "list" else name
        for name, kind in FIELD_KINDS.items()
    ]
    meant = _meant_by(path)
    guess = f"Did you mean {' or '.join(meant)}? " if meant else ""
    return InvalidInput(
        f"A record has no field {path[:120]!r}.",
        hint=f"{guess}Fields: {', '.join(shown)}; a list's name alone adds to it.",
        details={"fields": list(FIELD_KINDS)},
    )


def _meant_by(path: str) -> list[str]:
    """Fields that someone who writes `price` or `weight` may mean."""
    field = read_label(path).field
    if field == "price":
        return ["list_price", "live_price"]
    if names_property(path):
        return [f"specs.{path}"]
    known = [name for name in FIELD_KINDS if field and name.rpartition(".")[2] == field]
    return known or get_close_matches(path, FIELD_KINDS, n=2)


def check_value(path: FieldPath, value: str) -> str:
    """`value` as the field stores it: a price as a plain decimal, a currency in capitals.

    Raises:
        InvalidInput: the field does not take it.
    """
    value = value.strip()
    if path.kind == "price":
        if _DECIMAL_COMMA.fullmatch(value):
            value = value.replace(",", ".")
        if not _PRICE.fullmatch(value):
            raise InvalidInput(
                f"{path} is no price: {value[:80]!r}.",
                hint="Give the number alone, 19.9 for instance; the currency has its own field.",
            )
        return plain_number(float(value))
    if path.kind == "stock":
        if not _STOCK.fullmatch(value):
            raise InvalidInput(
                f"{path} is no count: {value[:80]!r}.", hint="Give a whole number, 0 for sold out."
            )
        return str(int(value))
    if path.kind == "currency":
        if not _CURRENCY.fullmatch(value):
            raise InvalidInput(
                f"{path} is no currency code: {value[:80]!r}.",
                hint="Give three letters of ISO 4217: USD, CNY, EUR.",
            )
        return value.upper()
    if not value or len(value) > LONGEST_VALUE or _CONTROL.search(value):
        raise InvalidInput(
            f"{path} takes 1 to {LONGEST_VALUE} characters of plain text.",
            hint="To take a value out, remove it: livecue product correct ID FIELD --remove",
        )
    return value


def list_items(record: ProductRecord, name: str) -> list[str]:
    """The list that `name` stands for; a change of it changes the record."""
    return cast("list[str]", _holder(record, name))


def keyed_values(record: ProductRecord, name: str) -> dict[str, str | int]:
    """The values by name (`specs`, `variants.stock`); a change of it changes the record."""
    return cast("dict[str, str | int]", _holder(record, name))


def known_path(record: ProductRecord, path: FieldPath, heard: Sequence[str] = ()) -> FieldPath:
    """`path` with its key as the record writes it.

    A new reading may call a property otherwise (`Weight`, `净重`): then it is known by its meaning
    and one of the values `heard` of it.
    """
    if path.key is None:
        return path
    values = keyed_values(record, path.name)
    same = [key for key in values if fold_text(key) == fold_text(path.key)]
    if not same and path.kind == "spec":
        own = property_of(path.key)
        same = [
            key
            for key, value in values.items()
            if property_of(key) == own and any(same_value(str(value), known) for known in heard)
        ]
    if path.key in values or len(same) != 1:
        return path
    return FieldPath(path.name, path.kind, key=same[0])


def find_item(items: Iterable[str], wanted: str) -> int | None:
    """The place of the item that says `wanted`, in whatever case or signs."""
    return next((i for i, item in enumerate(items) if same_value(item, wanted)), None)


def value_at(record: ProductRecord, path: FieldPath) -> str | None:
    """The value at `path` as text."""
    return dict(iter_fields(record)).get(str(path))


def _holder(record: ProductRecord, name: str) -> object:
    found: object = record
    for part in name.split("."):
        found = getattr(found, part)
    return found
