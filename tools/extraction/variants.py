"""What the buyer chooses between: sizes, colours, and the stock of each variant."""

import re

from domain.extraction import ExtractedFact, FactField
from domain.lexicon import find_terms
from domain.quantities import find_quantities
from tools.extraction.facts import found_in, tidy
from tools.extraction.sentences import Sentence

_SPLIT = re.compile(
    r"\s*[、，,;；/|]\s*(?:and\s+|or\s+|和|或)?|\s+(?:and|or|&)\s+|(?<=[\w）)])[和及与或](?=[\w（(])"
)
_LISTS: tuple[tuple[FactField, re.Pattern[str]], ...] = (
    (
        "sizes",
        re.compile(
            r"(?:\bsizes?\b|尺码|尺寸|码数)\s*(?:有|分为|可选|包括|[:：,，]|(?:are|is|run|come"
            r"|available)?\s*(?:in|from)?\s)\s*(?P<items>[^。；;!?！？]+)",
            re.IGNORECASE,
        ),
    ),
    (
        "colours",
        re.compile(
            r"(?:\bcolou?rs?\b|\bshades?\b|颜色|配色|色号)\s*(?:有|分为|可选|包括|[:：,，]|(?:are|is|come"
            r"|available)?\s*(?:in)?\s)\s*(?P<items>[^.。；;!?！？]+)",
            re.IGNORECASE,
        ),
    ),
    (
        "colours",
        re.compile(
            r"\b(?:comes?|available|offered|sold) in (?P<items>[^.。；;!?！？]+)", re.IGNORECASE
        ),
    ),
    (
        "sizes",
        re.compile(
            r"\b(?:comes?|available|offered|sold) in (?P<items>[^.。；;!?！？]+)", re.IGNORECASE
        ),
    ),
)
_TAIL = re.compile(
    r"\s+(?:with|for|at|while|but|which|only|from|in)\b.*$"
    r"|\s*(?:[两二三四五六七八\d]{1,2}[色款码])?\s*(?:可选|任选|任挑|都有|均有|等)$"
    r"|\s+[两二三四五六]色$",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?:one size|free size|均码|[加大中小特]+[码号]|(?:\d?X{0,3}[SL]|M)(?:\s?-\s?\d?X{0,3}[SL])?"
    r"|(?:EU|UK|US)?\s?\d{1,3}(?:\.5)?(?:\s?-\s?\d{1,3})?\s?[码号]?)",
    re.IGNORECASE,
)
_STOCK_PIECE = re.compile(
    r"(?P<name>.*?)[\s:：=x×（(]*(?P<count>\d{1,3}(?:,\d{3})+|\d+)\s*(?:pcs|pieces|units?|pairs?"
    r"|left|in stock|件|双|个|条|套|盒|瓶|台|只|床|张|把|支)?[)）]?",
    re.IGNORECASE,
)
_STOCK_SAID = re.compile(
    r"(?:库存|\bstock\b|\binventory\b)\s*(?:还有|还剩|剩余|共|有|is|of|[:：])?\s*(?P<count>\d+)\s*(?:件|双|个"
    r"|条|套|盒|瓶|台|只|床|张|pcs|pieces|units)?(?![\d.%])"
    r"|(?<![\d.])(?P<before>\d+)\s*(?:pcs|pieces|units)? (?:in stock|left in stock)\b",
    re.IGNORECASE,
)
_LONGEST = 24


def find_variants(sentence: Sentence) -> list[ExtractedFact]:
    """Sizes, colours and stock that a sentence lists; only what reads like a choice is taken."""
    field = sentence.meaning.field
    if field == "sizes" and is_dimension(sentence.text):
        return []
    if field in ("sizes", "colours"):
        return _choices(sentence, field, sentence.text)
    if field == "stock":
        return _stock(sentence)
    if sentence.is_question or field not in (None, "note", "name", "variant", "selling_points"):
        return []
    facts: list[ExtractedFact] = []
    for kind, pattern in _LISTS:
        for match in pattern.finditer(sentence.text):
            facts += _choices(sentence, kind, match["items"], strict=True)
    if match := _STOCK_SAID.search(sentence.text):
        facts.append(found_in(sentence, "stock", match["count"] or match["before"]))
    return list({(fact.field, fact.value): fact for fact in facts}.values())


def is_dimension(text: str) -> bool:
    """True for one measure in lengths (`20 x 30 cm`), which is no choice of sizes."""
    lengths = [q for q in find_quantities(text) if q.dimension == "length"]
    return len(lengths) > 1 and not re.search(r"[、，,/;；]", text)


def _choices(
    sentence: Sentence, field: FactField, text: str, *, strict: bool = False
) -> list[ExtractedFact]:
    """The items of a list up to the first that is none; `strict` wants each to be a known kind."""
    items: list[str] = []
    for part in split_items(text):
        item = _TAIL.sub("", part).strip()
        if not item or len(item) > _LONGEST:
            break
        known = (
            _is_size(item)
            if field == "sizes"
            else _is_colour(item, loose=not strict or bool(items))
        )
        if not known:
            break
        items.append(item)
        if strict and item != part:
            break
    if strict and field == "sizes" and len(items) == 1 and is_dimension(items[0]):
        return []
    return [found_in(sentence, field, item) for item in dict.fromkeys(items)]


def split_items(text: str) -> list[str]:
    """The items of a list such as `Moss, Sand and Ink` or `雾蓝、米白`.

    Where `、` separates items, a comma ends the list.
    """
    if "、" in text:
        text = re.split(r"[，,;；]", text, maxsplit=1)[0] if re.search(r"、.*[，,]", text) else text
    return [tidy(part) for part in _SPLIT.split(text) if part and tidy(part)]


def _is_size(item: str) -> bool:
    if _SIZE.fullmatch(item):
        return True
    if any(term.cls == "size" and term.text == item for term in find_terms(item)):
        return True
    quantities = find_quantities(item)
    covered = sum(q.end - q.start for q in quantities)
    return bool(quantities) and covered >= len(item) * 0.6 and quantities[0].dimension is not None


def _is_colour(item: str, *, loose: bool) -> bool:
    if find_quantities(item) or re.search(r"\d", item):
        return False
    if any(term.cls == "colour" for term in find_terms(item)) or item.endswith("色"):
        return True
    short = len(item.split()) <= 3 and len(re.sub(r"[^\u3400-\u9fff]", "", item)) <= 6
    return loose and short and not _is_size(item)


def _stock(sentence: Sentence) -> list[ExtractedFact]:
    facts: list[ExtractedFact] = []
    for part in re.split(r"[;；、，]|,(?!\d{3}\b)", sentence.text):
        match = _STOCK_PIECE.fullmatch(part.strip().rstrip("。."))
        if match:
            name = match["name"].strip(" :：-–—=x×")
            facts.append(
                found_in(sentence, "stock", match["count"].replace(",", ""), key=name or None)
            )
    return facts


def read_stock(cell: str) -> int | None:
    """The count in a stock cell: a number, or nothing left; None for anything else."""
    if re.fullmatch(
        r"(?i)sold out|out of stock|none|no stock|售罄|无货|缺货|已?售完|断货|无", cell.strip()
    ):
        return 0
    match = _STOCK_PIECE.fullmatch(cell.strip())
    return int(match["count"].replace(",", "")) if match and not match["name"].strip() else None
