"""The simplest reader that could work: `key: value` lines and columns whose heading is a field.

It is what the record's figures are held against. It reads text (the sender of a chat line left
out), web pages (tags stripped) and tables, knows nothing but the names of fields below, and takes
every other short `key: value` for a property. Of a table it takes the rows that name the goods.
"""

import csv
import io
import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

from domain.product import ProductDocument, ProductRecord, ProductStatus, Variants
from evals.gold import Material
from tools.documents.text import decode_text
from tools.quotes import fold_text

_FIELDS = {
    "name": ("name", "product", "product name", "item", "title", "品名", "名称", "产品", "产品名称",
             "商品名称", "商品"),
    "brand": ("brand", "品牌"),
    "category": ("category", "type", "类别", "品类", "分类"),
    "list_price": ("price", "list price", "rrp", "msrp", "原价", "价格", "零售价", "吊牌价"),
    "live_price": ("live price", "stream price", "sale price", "直播价", "活动价"),
    "currency": ("currency", "币种", "货币"),
    "promotion": ("promotion", "offer", "deal", "gift", "促销", "优惠", "赠品"),
    "sizes": ("size", "sizes", "尺码", "规格"),
    "colours": ("colour", "color", "colours", "colors", "颜色"),
    "stock": ("stock", "qty", "quantity", "in stock", "库存", "数量"),
    "materials": ("material", "materials", "fabric", "材质", "面料", "材料"),
    "ingredients": ("ingredients", "成分", "配料", "配料表"),
    "selling_points": ("features", "highlights", "selling points", "卖点", "特点"),
    "usage": ("usage", "care", "how to use", "directions", "用法", "使用方法", "洗护", "保养"),
    "audience": ("audience", "for", "suitable for", "适用人群", "适合人群"),
    "certifications": ("certifications", "certificate", "standard", "认证", "执行标准", "标准"),
    "shipping": ("shipping", "delivery", "发货", "物流", "运费"),
    "returns_warranty": ("returns", "return", "warranty", "退换", "售后", "质保"),
    "warnings": ("warning", "warnings", "caution", "注意", "注意事项", "警告"),
}  # fmt: skip
_FIELD_OF = {word: name for name, words in _FIELDS.items() for word in words}
_LONGEST_KEY = 30
_SHORTEST_NAME = 3
_SENDER = re.compile(
    r"^\s*(?:\[?[\d./年月日-]*[ ,T]*\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?\]?[ -]*)?"
    r"(?:[^:：]{1,20}[:：]\s*(?=[^:：]*[:：]))?",
    re.IGNORECASE,
)


def read_key_values(material: Material) -> list[ProductDocument]:
    """One record of a folder, or with no given name one for each product that tables name."""
    given = material.gold.given_name
    pairs: list[tuple[str, str]] = []
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for path in material.files:
        kind = material.kinds[path.name]
        if kind == "table":
            for row in _rows(path):
                named = next((v for k, v in row.items() if _field_of(k) == "name" and v), None)
                if given is None or any(_means(given, cell) for cell in row.values()):
                    rows[given or named or ""].append(row)
        elif kind in ("text", "html"):
            text = decode_text(path.read_bytes(), path.name)
            pairs += _pairs(_strip_tags(text) if kind == "html" else text)
    if given is not None:
        return [_document(given, pairs, rows[given])]
    named_rows = {name: found for name, found in rows.items() if name}
    if not named_rows:
        return [_document(None, pairs, [])]
    only = len(named_rows) == 1
    return [_document(name, pairs if only else [], found) for name, found in named_rows.items()]


def _means(given: str, cell: str) -> bool:
    name, own = fold_text(given), fold_text(cell)
    return bool(own) and (name in own or (len(own) > _SHORTEST_NAME and own in name))


def _pairs(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        key, colon, value = _SENDER.sub("", line).replace("：", ":").partition(":")
        if colon and value.strip() and 0 < len(key.strip()) <= _LONGEST_KEY:
            found.append((key.strip(" -*•#"), value.strip()))
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows below the first that fills three columns, by its headings."""
    found: list[dict[str, str]] = []
    for sheet in _sheets(path):
        heading: list[str] | None = None
        for cells in sheet:
            if heading is not None:
                found.append(dict(zip(heading, cells, strict=False)))
            elif sum(bool(cell) for cell in cells) > 2:
                heading = cells
    return found


def _sheets(path: Path) -> list[list[list[str]]]:
    if path.suffix == ".xlsx":
        from openpyxl import load_workbook

        sheets = load_workbook(path, read_only=True, data_only=True).worksheets
        return [
            [
                ["" if c is None else str(c) for c in row]
                for row in sheet.iter_rows(values_only=True)
            ]
            for sheet in sheets
        ]
    text = decode_text(path.read_bytes(), path.name)
    delimiter = max(",\t;|", key=text.count)
    return [list(csv.reader(io.StringIO(text), delimiter=delimiter))]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = False

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)


def _strip_tags(text: str) -> str:
    parser = _Text()
    parser.feed(text)
    return "\n".join(parser.pieces)


def _field_of(key: str) -> str | None:
    return _FIELD_OF.get(fold_text(key))


def _document(
    name: str | None, pairs: list[tuple[str, str]], rows: list[dict[str, str]]
) -> ProductDocument:
    scalars: dict[str, str] = {"name": name} if name else {}
    lists: dict[str, list[str]] = defaultdict(list)
    specs: dict[str, str] = {}
    stock: dict[str, int] = {}
    for key, value in [*pairs, *(pair for row in rows for pair in row.items())]:
        field = _field_of(key)
        if not value.strip() or field == "stock":
            continue
        if field is None:
            specs.setdefault(key, value)
        elif field in ProductRecord.model_fields and not isinstance(
            getattr(ProductRecord(), field), list
        ):
            scalars.setdefault(field, value)
        elif value not in lists[field]:
            lists[field].append(value)
    for row in rows:
        variant = [v for k, v in row.items() if _field_of(k) in ("colours", "sizes") and v]
        counts = [v for k, v in row.items() if _field_of(k) == "stock" and v.strip().isdigit()]
        if counts:
            stock[" ".join(variant) or name or ""] = int(counts[0])
    prices = {field: _number(scalars.pop(field, "")) for field in ("list_price", "live_price")}
    variants = Variants(sizes=lists.pop("sizes", []), colours=lists.pop("colours", []), stock=stock)
    record = ProductRecord.model_validate(
        {**scalars, **prices, **lists, "specs": specs, "variants": variants}
    )
    return ProductDocument(
        product_id="baseline", version=1, status=ProductStatus.AWAITING_APPROVAL, record=record
    )


def _number(text: str) -> float | None:
    found = re.search(r"\d+(?:\.\d+)?", text.replace(",", ""))
    return float(found.group()) if found else None
