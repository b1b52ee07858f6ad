"""A record as schema.org JSON-LD, for the product page that a shop publishes."""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.product import ProductDocument, ProductRecord
from domain.quantities import find_quantities
from tools.quotes import fold_text
from tools.record_fields import keyed_values, list_items, parse_field

CONTEXT = "https://schema.org"

UNIT_CODES = {
    "mg": "MGM", "g": "GRM", "kg": "KGM", "t": "TNE", "oz": "ONZ", "lb": "LBR",
    "ml": "MLT", "cl": "CLT", "l": "LTR", "fl oz": "OZA", "gal": "GLL",
    "um": "4H", "mm": "MMT", "cm": "CMT", "m": "MTR", "km": "KMT",
    "in": "INH", "ft": "FOT", "yd": "YRD", "cm2": "CMK", "m2": "MTK", "gsm": "GM",
    "ms": "C26", "s": "SEC", "min": "MIN", "h": "HUR", "day": "DAY", "week": "WEE",
    "month": "MON", "year": "ANN", "%": "P1",
    "mW": "C31", "W": "WTT", "kW": "KWT", "V": "VLT", "kV": "KVT", "mA": "4K", "A": "AMP",
    "mAh": "E09", "Ah": "AMH", "kJ": "KJO", "kcal": "E14", "Wh": "WHR", "kWh": "KWH",
    "Hz": "HTZ", "kHz": "KHZ", "MHz": "MHZ", "GHz": "A86", "MB": "4L", "GB": "E34", "TB": "E35",
    "bar": "BAR", "Pa": "PAL", "kPa": "KPA", "dB": "2N", "lm": "LUM", "rpm": "RPM", "deg": "DD",
    "C": "CEL", "F": "FAH", "pcs": "H87",
}  # fmt: skip
"""Common codes of UN/CEFACT Recommendation 20 (schema.org's `unitCode`), by our units."""

_AVAILABLE = {True: f"{CONTEXT}/InStock", False: f"{CONTEXT}/OutOfStock"}
_AS_PROPERTIES = ("ingredients", "usage", "warnings")
"""Fields that schema.org's Product has no property of its own for."""

Node = dict[str, Any]


def open_fields(document: ProductDocument) -> list[str]:
    """The fields that sources disagree on: they are left out of the JSON-LD."""
    return [c.field for c in document.conflicts if c.status == "open"]


def to_json_ld(document: ProductDocument) -> Node:
    """A schema.org `Product`, or a `ProductGroup` where its variants are known.

    Written with the types Product, ProductGroup, Brand, Offer, UnitPriceSpecification,
    OfferShippingDetails, MerchantReturnPolicy, QuantitativeValue, PropertyValue, Certification,
    Audience and ItemList (https://schema.org/Product). The price is the live price, else the list
    price; where both are known the list price stands beside it as a `ListPrice`. Values keep the
    source's wording; shipping and returns are described, not encoded. A spec that is one quantity
    has its number and unit code beside its wording.

    A field in open conflict is left out, and with a price or the currency the offer's price: a page
    for the public says nothing that the sources dispute (`open_fields` names them).
    """
    record, disputed = _settled(document)
    node: Node = {"@context": CONTEXT, "@type": "Product", "identifier": document.product_id}
    node |= _described(record)
    offer = _offer(record, disputed)
    variants = _variants(record, offer)
    whole = _whole_stock(record)
    counts = [whole] if whole is not None else list(record.variants.stock.values())
    if counts and not any(field.startswith("variants.stock.") for field in disputed):
        offer = _with_stock(offer, sum(counts))
    if len(offer) > 1:
        node["offers"] = offer
    if variants:
        node["@type"] = "ProductGroup"
        node["productGroupID"] = document.product_id
        varying = {name for variant in variants for name in ("size", "color") if name in variant}
        node["variesBy"] = [f"{CONTEXT}/{name}" for name in sorted(varying)]
        node["hasVariant"] = variants
    return node


def _settled(document: ProductDocument) -> tuple[ProductRecord, list[str]]:
    """The record without the fields that sources disagree on, and those fields."""
    record = document.record.model_copy(deep=True)
    disputed = open_fields(document)
    for path in map(parse_field, disputed):
        if path.key is not None:
            keyed_values(record, path.name).pop(path.key, None)
        elif path.kind == "list":
            list_items(record, path.name).clear()
        else:
            setattr(record, path.name, None)
    return record, disputed


def _described(record: ProductRecord) -> Node:
    """What a product is, apart from its price."""
    node: Node = {}
    if record.name:
        node["name"] = record.name
    if record.brand:
        node["brand"] = {"@type": "Brand", "name": record.brand}
    if record.category:
        node["category"] = record.category
    for name, values in (
        ("material", record.materials),
        ("color", record.variants.colours),
        ("size", record.variants.sizes),
    ):
        if values:
            node[name] = _one_or_many(values)
    if record.certifications:
        node["hasCertification"] = [
            {"@type": "Certification", "name": name} for name in record.certifications
        ]
    if record.audience:
        node["audience"] = {"@type": "Audience", "audienceType": record.audience}
    if record.selling_points:
        node["positiveNotes"] = {
            "@type": "ItemList",
            "itemListElement": [
                {"@type": "ListItem", "position": position, "name": text}
                for position, text in enumerate(record.selling_points, 1)
            ],
        }
    properties = [_property(name, value) for name, value in record.specs.items()]
    properties += [
        {"@type": "PropertyValue", "name": name, "value": value}
        for name in _AS_PROPERTIES
        for value in list_items(record, name)
    ]
    if properties:
        node["additionalProperty"] = properties
    return node


def _property(name: str, value: str) -> Node:
    node: Node = {"@type": "PropertyValue", "name": name, "value": value}
    quantities = find_quantities(value)
    if len(quantities) == 1 and quantities[0].text.strip() == value.strip():
        quantity = quantities[0]
        if code := UNIT_CODES.get(quantity.unit or ""):
            number = int(quantity.value) if quantity.value % 1 == 0 else float(quantity.value)
            node |= {"value": number, "unitCode": code, "description": value}
    return node


def _offer(record: ProductRecord, disputed: Sequence[str]) -> Node:
    """The price and what comes with it; without stock, which variants differ in."""
    offer: Node = {"@type": "Offer"}
    priced = record.live_price if record.live_price is not None else record.list_price
    if priced is not None and not {"live_price", "currency"} & set(disputed):
        offer["price"] = priced
        if record.currency:
            offer["priceCurrency"] = record.currency
        if record.list_price is not None and record.list_price != priced:
            offer["priceSpecification"] = {
                "@type": "UnitPriceSpecification",
                "priceType": f"{CONTEXT}/ListPrice",
                "price": record.list_price,
                **({"priceCurrency": record.currency} if record.currency else {}),
            }
    if record.promotion:
        offer["description"] = "; ".join(record.promotion)
    if record.shipping:
        offer["shippingDetails"] = {"@type": "OfferShippingDetails", "description": record.shipping}
    if record.returns_warranty:
        offer["hasMerchantReturnPolicy"] = {
            "@type": "MerchantReturnPolicy",
            "description": "; ".join(record.returns_warranty),
        }
    return offer


def _with_stock(offer: Node, count: int) -> Node:
    level = {"@type": "QuantitativeValue", "value": count}
    return {**offer, "availability": _AVAILABLE[count > 0], "inventoryLevel": level}


def _whole_stock(record: ProductRecord) -> int | None:
    """The stock of the product as a whole: a single count under its own name."""
    if len(record.variants.stock) != 1:
        return None
    ((key, count),) = record.variants.stock.items()
    return count if fold_text(key) == fold_text(record.name or "") else None


def _variants(record: ProductRecord, offer: Node) -> list[Node]:
    """What the buyer chooses between: the variants that a stock is known for, else the only choice.

    Sizes and colours without stock are not crossed: nobody said that every pair is to be had.
    """
    sizes, colours = record.variants.sizes, record.variants.colours
    if record.variants.stock and _whole_stock(record) is None:
        return [
            _variant(record, key, _said(key, sizes), _said(key, colours), _with_stock(offer, count))
            for key, count in record.variants.stock.items()
        ]
    if len(sizes) > 1 and not colours:
        return [_variant(record, size, size, None, offer) for size in sizes]
    if len(colours) > 1 and not sizes:
        return [_variant(record, colour, None, colour, offer) for colour in colours]
    return []


def _variant(
    record: ProductRecord, label: str, size: str | None, colour: str | None, offer: Node
) -> Node:
    node: Node = {"@type": "Product", "name": f"{record.name} – {label}" if record.name else label}
    if size:
        node["size"] = size
    if colour:
        node["color"] = colour
    if len(offer) > 1:
        node["offers"] = offer
    return node


def _said(label: str, choices: Iterable[str]) -> str | None:
    """The longest of `choices` that stands in a variant's label as a word of its own."""
    words = f" {' '.join(fold_text(label).replace('/', ' ').split())} "
    found = [c for c in choices if f" {' '.join(fold_text(c).split())} " in words]
    if not found:
        found = [c for c in choices if not c.isascii() and fold_text(c) in fold_text(label)]
    return max(found, key=len, default=None)


def _one_or_many(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
