"""What the buyer chooses between: sizes, colours, and the stock of each variant."""

import re
from collections.abc import Iterable

from domain.extraction import ExtractedFact, FactField
from domain.lexicon import find_terms
from domain.numerals import find_numbers
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
            r"(?:\bsizes\b|\bsize(?=\s*[:：]| options)|尺码|尺寸|码数)"
            r"\s*(?:有|分为|可选|包括|[:：,，]|(?:are|is|run|come"
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
            r"(?:有|分|就是|就|是)(?P<items>[^，。；有分]{2,30}?)(?:这)?[两二三四五六七八\d]{1,2}[个种]?颜?色"
        ),
    ),
    (
        "sizes",
        re.compile(
            r"(?:有|分|就是|就|是|只有)(?P<items>[^，。；有分就]{1,30}?)(?:这)?[一两二三四五六七八\d]{1,2}[个种]"
            r"(?:规格|尺寸|尺码|码数|容量|码)"
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
    r"\s+(?:with|for|at|while|but|which|only|from|in|now|too|as well)\b.*$"
    r"|\s*(?:[两二三四五六七八\d]{1,2}[色款码])?\s*(?:可选|任选|任挑|都有|均有|等)$"
    r"|\s+[两二三四五六]色$",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?:one size|free size|均码|[加大中小特]+[码号]|(?:\d?X{0,3}[SL]|M)(?:\s?-\s?\d?X{0,3}[SL])?"
    r"|(?:EU|UK|US)?\s?\d{1,3}(?:\.5)?(?:\s?-\s?\d{1,3})?\s?[码号]?)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"(?:\d?X{0,3}[SL]|M)(?:\s+(?:\d?X{0,3}[SL]|M))+")
_STOCK_PIECE = re.compile(
    r"(?P<name>.*?)[\s:：=x×（(]*(?P<count>\d{1,3}(?:,\d{3})+|\d{1,9})(?!\d)\s*(?:pcs|pieces|units?|pairs?"
    r"|left|in stock|件|双|个|条|套|盒|瓶|台|只|床|张|把|支)?[)）]?",
    re.IGNORECASE,
)
_STOCK_SAID = re.compile(
    r"(?:库存|\bstock\b|\binventory\b)\s*(?:先?锁定?|先给|备了?|还有|还剩|剩余|共|有|is|of|[:：])?\s*(?P<count>\d+)\s*(?:件|双|个"
    r"|条|套|盒|瓶|台|只|床|张|口|把|袋|罐|副|pcs|pieces|units)?(?![\d.%])"
    r"|(?<![\d.])(?P<before>\d+)\s*(?:pcs|pieces|units)? (?:in stock|left in stock)\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"(?P<key>[^，。；,.;!?！？]{1,24}?)\s*"
    r"(?P<verb>(?:就|也|都|现在)?(?:还有|还剩下?|只剩下?|仅剩|剩下?|只有|备了|有)"
    r"|(?:is|are|has|have|:)\s*(?:only|just|down to|about)?)?\s*(?P<count>\d{1,9})(?!\d)\s*"
    r"(?P<unit>件|双|个|条|套|盒|瓶|台|只|床|张|把|支|罐|袋|包|pcs|pieces|units|pairs|left"
    r"|in stock)?\s*(?:left|in stock|左右|多|了)?\s*$",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"(?P<key>[^，。；,.;!?！？]{1,24}?)\s*(?:(?:已经?|现在|都)?(?:售罄|没货|断货|断码|卖完|缺货|无货)了?"
    r"|(?:is|are|has|have)?\s*(?:now |currently |all )?(?:sold out|out of stock|gone))\s*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:my bad|sorry|oops|correction|and|but|the|so|oh|also|a new one|new|plus"
    r"|就|那个?|其中|还有|另外|现在|目前|颜色"
    r"|尺码)\s*[,，:—–-]*\s*",
    re.IGNORECASE,
)
_NOTED = re.compile(r"[(（][^()（）]*[)）]|床$")
_HAN_ITEMS = re.compile(r"[\u3400-\u9fff]{2,5}(?: +[\u3400-\u9fff]{2,5})+")
_CHOSEN = re.compile(r"^[^:：,，、]{1,24}[:：]\s*(?=\S)")
"""The choice that a page shows as made: `Chalk` of `Colour: Chalk: Chalk, Slate, Fern`."""
_BLANKS = re.compile(r"\s+")
_LONGEST_CLAUSE = 120
_LONGEST = 24


def find_variants(sentence: Sentence) -> list[ExtractedFact]:
    """Sizes, colours and stock that a sentence lists; only what reads like a choice is taken."""
    field = sentence.meaning.field
    if field == "sizes" and is_dimension(sentence.text):
        return []
    if field in ("sizes", "colours"):
        return _choices(sentence, field, _CHOSEN.sub("", sentence.text))
    if field == "variant" and (options := _options(sentence)):
        return options
    if field == "stock":
        return _stock(sentence)
    if sentence.is_question or field not in (None, "note", "name", "variant", "selling_points"):
        return []
    facts: list[ExtractedFact] = []
    for kind, pattern in _LISTS:
        for match in pattern.finditer(sentence.text):
            facts += _choices(sentence, kind, match["items"], strict=True)
    if sentence.topic == "stock" and (count := _first_count(sentence.text)):
        facts.append(found_in(sentence, "stock", str(count)))
    left = _left_over(sentence)
    if left:
        facts += left
    elif not facts and (match := _STOCK_SAID.search(sentence.text)):
        facts.append(found_in(sentence, "stock", match["count"] or match["before"]))
    return list({(fact.field, fact.value): fact for fact in facts}.values())


def _first_count(text: str) -> int | None:
    """The first whole number in an answer to `how many`, no part of a word such as `3PL`."""
    for number in find_numbers(text):
        bare = not re.match(r"[A-Za-z.%]", text[number.end :])
        if bare and number.value == int(number.value) and number.value > 0:
            return int(number.value)
    return None


def _options(sentence: Sentence) -> list[ExtractedFact]:
    """The choices behind a label such as 规格 or `Options`: all sizes, or all colours."""
    items = split_items(sentence.text)
    if len(items) < 2:
        return []
    if all(is_size(item) for item in items):
        return _choices(sentence, "sizes", sentence.text)
    if all(_is_colour(item, loose=False) for item in items):
        return _choices(sentence, "colours", sentence.text)
    return []


def _left_over(sentence: Sentence) -> list[ExtractedFact]:
    """`sea glass is only 40 pcs left`, `米白还有320只`, `XL断码`: stock of a choice."""
    facts: list[ExtractedFact] = []
    for clause in re.split(r"[，。；;!！]|,(?!\d{3}\b)|\.\s|\s+(?:and|but)\s+", sentence.text):
        clause = _BLANKS.sub(" ", clause).strip(" .")
        if len(clause) > _LONGEST_CLAUSE:
            continue
        match = _LEFT.fullmatch(clause) or _GONE.fullmatch(clause)
        said = match.groupdict() if match else {}
        if match is None or ("verb" in said and not said["verb"] and not said["unit"]):
            continue
        key = _bare_choice(match["key"])
        quoted = match["key"].strip() != key and '"' in match["key"]
        if quoted or is_size(key) or _is_colour(key, loose=False):
            facts.append(
                found_in(sentence, "stock", match.groupdict().get("count") or "0", key=key)
            )
    return facts


def _bare_choice(text: str) -> str:
    """A choice without the words that lead into it and the quotes around it."""
    while (shorter := _LEAD.sub("", text, count=1)) != text:
        text = shorter
    return tidy(text.strip(" \"“”'‘’「」"))


def is_dimension(text: str) -> bool:
    """True for one measure in lengths (`20 x 30 cm`), which is no choice of sizes."""
    lengths = [q for q in find_quantities(text) if q.dimension == "length"]
    return len(lengths) > 1 and not re.search(r"[、，,/;；]", text)


def _is_named(item: str) -> bool:
    """A fancy name such as `Slate` or `Sea Glass`: capital letters, no measure, no material."""
    return re.fullmatch(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?", item) is not None and not any(
        term.cls in ("material", "size", "country") for term in find_terms(item)
    )


def _choices(
    sentence: Sentence, field: FactField, text: str, *, strict: bool = False
) -> list[ExtractedFact]:
    """The items of a list up to the first that is none; `strict` wants each to be a known kind."""
    items: list[str] = []
    for part in split_items(text):
        item = _bare_choice(_TAIL.sub("", part))
        if not item or len(item) > _LONGEST:
            break
        known = (
            is_size(item)
            if field == "sizes"
            else _is_colour(item, loose=not strict or bool(items)) or (strict and _is_named(item))
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
    parts = [tidy(part) for part in _SPLIT.split(text) if part and tidy(part)]
    parts = [
        item for part in parts for item in (part.split() if _LETTERS.fullmatch(part) else [part])
    ]
    return parts[0].split() if len(parts) == 1 and _HAN_ITEMS.fullmatch(parts[0]) else parts


def choices_of(cells: Iterable[str]) -> dict[str, FactField]:
    """Which cells of a column of variants are sizes and which colours; some may be neither.

    A word that no lexicon knows is a colour where the column holds one that it does know.
    """
    told = {cell for cell in cells if cell}
    sizes = {cell for cell in told if is_size(_NOTED.sub("", cell).strip())}
    coloured = any(_is_colour(cell, loose=False) for cell in told - sizes)
    colours = {cell for cell in told - sizes if _is_colour(cell, loose=coloured)}
    found: dict[str, FactField] = dict.fromkeys(sizes, "sizes")
    return {**found, **dict.fromkeys(colours, "colours")}


def is_size(item: str) -> bool:
    """Whether `item` names a size: `XL`, `EU 42`, `8-10`, or a measure."""
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
    return loose and short and not is_size(item)


def _stock(sentence: Sentence) -> list[ExtractedFact]:
    facts: list[ExtractedFact] = []
    for part in re.split(r"[;；、，]|,(?!\d{3}\b)", sentence.text):
        match = _piece(part.strip().rstrip("。."))
        if match:
            name = match["name"].strip(" :：-–—=x×")
            facts.append(
                found_in(sentence, "stock", match["count"].replace(",", ""), key=name or None)
            )
    return facts


def _piece(text: str) -> re.Match[str] | None:
    """`text` as a name and a count; nothing so long is one."""
    text = _BLANKS.sub(" ", text)
    return _STOCK_PIECE.fullmatch(text) if len(text) <= _LONGEST_CLAUSE else None


def read_stock(cell: str) -> int | None:
    """The count in a stock cell: a number, or nothing left; None for anything else."""
    if re.fullmatch(
        r"(?i)sold out|out of stock|none|no stock|售罄|无货|缺货|已?售完|断货|无", cell.strip()
    ):
        return 0
    match = _piece(cell.strip())
    return int(match["count"].replace(",", "")) if match and not match["name"].strip() else None
