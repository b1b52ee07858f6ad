"""The goods that a web page declares to machines: schema.org Product, Open Graph product tags."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

Json = dict[str, Any]

_COMMENT = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\s*\]\]>|/\*\]\]>\*/)\s*$"
)
_PLAIN = (
    ("name", "Product"), ("brand", "Brand"), ("category", "Category"), ("sku", "SKU"),
    ("mpn", "MPN"), ("gtin", "GTIN"), ("gtin13", "GTIN"), ("gtin12", "GTIN"), ("gtin8", "GTIN"),
    ("gtin14", "GTIN"), ("model", "Model"), ("color", "Colour"), ("size", "Size"),
    ("material", "Material"), ("weight", "Weight"), ("width", "Width"), ("height", "Height"),
    ("depth", "Depth"), ("countryOfOrigin", "Country of origin"),
)  # fmt: skip
_OPEN_GRAPH = (
    ("og:title", "Product"), ("product:brand", "Brand"), ("product:price:amount", "Price"),
    ("product:price:currency", "Currency"), ("product:retailer_item_id", "SKU"),
)  # fmt: skip
_MOST_PRODUCTS = 500
_LONGEST = 300


def read_products(root: Any, text: str) -> list[Json]:  # noqa: ANN401 (lxml is untyped)
    """`{"line", "cells", "description"}` of each product or variant that the page declares.

    JSON-LD comes first; microdata and Open Graph are asked where there is none.
    """
    found = list(_read_json(root, text)) or list(_read_microdata(root)) or list(_read_graph(root))
    return found[:_MOST_PRODUCTS]


def _read_json(root: Any, text: str) -> Iterator[Json]:  # noqa: ANN401
    at = 0
    for script in root.xpath("//script[@type='application/ld+json']"):
        raw = script.text or ""
        start = text.find(raw.strip()[:200], at) if raw.strip() else -1
        line = text.count("\n", 0, start) + 1 if start >= 0 else script.sourceline or 1
        at = max(at, start)
        try:
            data = json.loads(_COMMENT.sub("", raw.strip()), strict=False)
        except (ValueError, RecursionError):
            continue  # scripts that are no JSON say nothing to any reader
        for node in _products(data):
            yield from _read_node(node, line, raw)


def _products(data: Any) -> Iterator[Json]:  # noqa: ANN401
    """Product nodes at the top, in a graph, or as what the page is about; not those of lists."""
    if isinstance(data, list):
        for item in cast("list[Any]", data):
            yield from _products(item)
    elif isinstance(data, dict):
        node = cast("Json", data)
        types = _types(node)
        if types & {"Product", "ProductGroup", "IndividualProduct", "ProductModel"}:
            yield node
        else:
            yield from _products(node.get("@graph"))
            yield from _products(node.get("mainEntity"))


def _types(node: Json) -> set[str]:
    found = node.get("@type")
    names = cast("list[Any]", found if isinstance(found, list) else [found])
    return {str(name).rpartition("/")[2] for name in names}


def _read_node(node: Json, line: int, raw: str) -> Iterator[Json]:
    own = _plain(node)
    variants = [cast("Json", v) for v in _list(node.get("hasVariant")) if isinstance(v, dict)]
    description = _text(node.get("description"))
    for index, variant in enumerate(variants or [node]):
        base = own | (_plain(variant) if variants else {})
        base |= {"Product": own["Product"]} if "Product" in own else {}
        for offered in _offers(variant) or _offers(node) or [{}]:
            cells = base | offered
            if cells:
                place = _place(raw, cells)
                yield {
                    "line": line + place,
                    "cells": cells,
                    "description": description if index == 0 else "",
                }


def _place(raw: str, cells: dict[str, str]) -> int:
    """Lines from the start of the script to the first of the values that tells rows apart."""
    for name in ("SKU", "GTIN", "Product"):
        at = raw.strip().find(json.dumps(cells[name], ensure_ascii=False)) if name in cells else -1
        if at >= 0:
            return raw.strip().count("\n", 0, at)
    return 0


def _plain(node: Json) -> dict[str, str]:
    cells: dict[str, str] = {}
    for key, heading in _PLAIN:
        if text := _text(node.get(key)):
            cells.setdefault(heading, text)
    for extra in _list(node.get("additionalProperty")):
        if isinstance(extra, dict):
            name = _text(cast("Json", extra).get("name"))
            value = _text(cast("Json", extra).get("value"))
            unit = _text(cast("Json", extra).get("unitText"))
            if name and value:
                cells.setdefault(name, f"{value} {unit}".strip())
    return cells


def _offers(node: Json) -> list[dict[str, str]]:
    """Prices with their currency; a range of prices (`AggregateOffer`) is none."""
    found: list[dict[str, str]] = []
    for offer in _list(node.get("offers")):
        if not isinstance(offer, dict):
            continue
        data = cast("Json", offer)
        if "AggregateOffer" in _types(data):
            low, high = _text(data.get("lowPrice")), _text(data.get("highPrice"))
            if _list(data.get("offers")):
                found += _offers(data)
                continue
            data = data | ({"price": low} if low == high else {})
        cells = {"Price": _text(data.get("price")), "Currency": _text(data.get("priceCurrency"))}
        for spec in _list(data.get("priceSpecification")):
            if isinstance(spec, dict):
                _read_specification(cast("Json", spec), cells)
        cells |= {heading: _text(data.get(key)) for key, heading in (("sku", "SKU"),)}
        found.append({heading: text for heading, text in cells.items() if text})
    distinct = {tuple(sorted(cells.items())): cells for cells in found if "Price" in cells}
    return list(distinct.values())


def _read_specification(spec: Json, cells: dict[str, str]) -> None:
    struck = re.search(r"ListPrice|StrikethroughPrice|SRP", _text(spec.get("priceType")))
    heading = "List price" if struck else "Price"
    if price := _text(spec.get("price")):
        cells[heading] = cells.get(heading) or price
    cells["Currency"] = cells.get("Currency") or _text(spec.get("priceCurrency"))


def _read_microdata(root: Any) -> Iterator[Json]:  # noqa: ANN401
    for item in root.xpath(
        "//*[contains(@itemtype, 'schema.org/Product')][not(ancestor::*[@itemscope])]"
    ):
        cells: dict[str, str] = {}
        names = dict(_PLAIN) | {"price": "Price", "priceCurrency": "Currency"}
        for prop in item.xpath(".//*[@itemprop]"):
            heading = names.get(prop.get("itemprop"))
            nested = prop.xpath("ancestor::*[@itemscope][1]")[0].get("itemtype") or ""
            if heading is None or (
                prop.get("itemprop") == "name" and nested != item.get("itemtype")
            ):
                continue
            text = prop.get("content") or "".join(prop.itertext())
            if text := " ".join(text.split())[:_LONGEST]:
                cells.setdefault(heading, text)
        if cells:
            yield {"line": item.sourceline or 1, "cells": cells, "description": ""}


def _read_graph(root: Any) -> Iterator[Json]:  # noqa: ANN401
    metas = {m.get("property") or m.get("name"): m for m in root.xpath("//meta[@content]")}
    if "product:price:amount" not in metas:
        return
    present = [(heading, metas[key]) for key, heading in _OPEN_GRAPH if key in metas]
    cells = {heading: " ".join(m.get("content").split()) for heading, m in present}
    line = metas["product:price:amount"].sourceline or 1
    yield {"line": line, "cells": {k: v for k, v in cells.items() if v}, "description": ""}


def _list(value: Any) -> list[Any]:  # noqa: ANN401
    if value is None:
        return []
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _text(value: Any) -> str:  # noqa: ANN401
    """A value as words: a thing's name, a measure's value and unit, a list's items."""
    match value:
        case str():
            return " ".join(value.split())[:_LONGEST] if "://" not in value[:10] else ""
        case bool() | None:
            return ""
        case int() | float():
            return str(value)
        case list():
            return ", ".join(filter(None, map(_text, cast("list[Any]", value)[:20])))
        case dict():
            node = cast("Json", value)
            unit = _text(node.get("unitText") or node.get("unitCode"))
            return _text(node.get("name")) or f"{_text(node.get('value'))} {unit}".strip()
        case _:
            return ""
