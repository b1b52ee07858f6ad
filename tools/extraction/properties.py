"""Properties of the goods: labelled lines, measures in a sentence, certificates."""

import re

from domain.extraction import ExtractedFact, FactField
from domain.lexicon import find_terms
from domain.quantities import find_quantities
from tools.extraction.asking import asked_property
from tools.extraction.cues import is_commercial, topic_of
from tools.extraction.facts import found_in, tidy
from tools.extraction.labels import names_property, read_label
from tools.extraction.prices import is_money
from tools.extraction.sentences import Sentence
from tools.extraction.variants import is_dimension, split_items

_SCALARS: frozenset[str] = frozenset({"name", "brand", "category", "audience"})
_SENTENCES: frozenset[str] = frozenset(
    {"promotion", "usage", "shipping", "returns_warranty", "warnings"}
)
_ITEMS: frozenset[str] = frozenset({"materials", "ingredients", "certifications"})
_NAME_NOISE = re.compile(r"^(?:the|our|new|this)\s+", re.IGNORECASE)
_INGREDIENT_SPLIT = re.compile(r"\s*[,，、;；](?![^(（]*[)）])\s*")
_COPULA = re.compile(
    r"(?P<key>[\u3400-\u9fff]{2,8}?)(?:是|为|有|约|达|：|:)?\s*(?P<value>(?:约|≤|≥)?\s*\d[^，。；,;]*)"
)
_STATED = re.compile(
    r"(?P<key>(?:填充物|面料|里料|材质|主料|鞋面|鞋底|产地|型号|等级|工艺|功率|容量|净重|重量|尺寸|厚度|高度|长度|直径|电池|续航|保质期|净含量"
    r"|材料)[\u3400-\u9fff]{0,3}?)(?:是|为|：|:|采用)\s*(?P<value>[^，。；,;！？]{1,30})"
)
_VERBS = (
    ("weight", r"\bweigh(?:s|ing|ed)?"),
    ("capacity", r"\bholds|\bcapacity of"),
    ("battery life", r"\b(?:battery (?:life|lasts)|runs for|lasts)"),
    ("dimensions", r"\bmeasur(?:es|ing)"),
)
_IS = re.compile(
    r"(?:oh |and |so |the |each |its )*"
    r"(?P<key>(?!it\b|this\b|that\b|they\b|there\b)[A-Za-z][a-z]*(?: [a-z]+){0,2})"
    r" (?:is|are) (?:only |about |just |around |roughly |now )?(?P<value>\d.*)",
    re.IGNORECASE,
)
_BARE = tuple(
    (name, re.compile(rf"(?P<value>{pattern})", re.IGNORECASE))
    for name, pattern in (
        ("fabric weight", r"\d{2,4}\s?(?:g/m²|g/m2|g/㎡|gsm\b)"),
        ("battery capacity", r"\d[\d,]*\s?mAh\b"),
        ("impedance", r"\d+\s?(?:Ω|ohms?\b)"),
        ("frequency range", r"\d+\s?k?Hz\s?(?:-|–|~|to)\s?\d+\s?k?Hz"),
        (
            "battery life",
            (
                r"(?:up to |about |around )?\d+(?:\.\d+)?\s?(?:h|hrs?|hours?)\b(?: of)?"
                r" (?:battery|playtime|playback|play time|listening|run ?time)\b[^,.;·]*"
            ),
        ),
        ("water resistance", r"\bIP[X\d][\dX]\b"),
    )
)
"""What a measure tells by its unit or the word behind it, where nothing labels it."""

_CONTENT = re.compile(
    r"(?P<value>\d+(?:\.\d+)?\s?(?:ml|l|g|kg|cl)(?=\s*[e℮](?:\s|$))"
    r"|\d+ (?:[a-z]+ )?(?:capsules|tablets|softgels|gummies|sachets|tea ?bags|wipes|pods))\b",
    re.IGNORECASE,
)
"""The contents of a pack, with the sign of the estimated quantity (EU directive 76/211)."""

_MADE_IN = re.compile(
    r"(?<![Nn]ot )\b(?i:(?:made|woven|printed|assembled|crafted|sewn|knitted|produced|cast|bottled"
    r"|roasted) in (?:the )?)"
    r"(?P<where>(?:UK|USA?|EU|PRC)\b|[A-Z][^\W\d_]{2,}(?: [A-Z][\w]*)*(?:, [A-Z][^\W\d_]{2,})?)"
)
_STANDARD = re.compile(
    r"(?:GB|QB|FZ|HG|YY|HJ|SN"
    r"|T)\s?(?:/\s?T)?\s?\d{3,6}(?:\.\d+)?(?:\s?[-—–]\s?\d{2,4})?(?:\s?[A-C]类)?"
    r"|\bEN\s?(?:ISO\s?)?\d{2,6}(?:-\d+)*(?::\d{4})?|\bISO\s?\d{4,6}(?:-\d+)?(?::\d{4})?"
    r"|\bASTM\s?[A-F]\d+(?:-\d{2})?|\b\d+ CFR \d+(?:\.\d+)?"
    r"|\b(?:Regulation )?\(?E[CU]\)? (?:No )?\d{3,4}/\d{4}"
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][\u3400-\u9fff]{1,3}证[(（]\d{4}[)）]第?\d+号?"
    r"|\b[A-Z]{2,6} ID ?[:：] ?[A-Z\d-]{6,}"
    r"|(?<![A-Za-z])[ABC]类(?:标准)?"
    r"|OEKO-TEX(?:®)?(?: Standard 100)?|\b(?:RoHS|REACH|FCC|CCC|UKCA|GOTS|FSC|BSCI|GMP|HACCP"
    r"|LFGB)\b"
    r"|(?<![A-Za-z])(?:CE|UL|ETL)(?:[ -](?:certified|marked|mark|listed|approved|certification)"
    r"|认证)|FDA[ -](?:approved|registered|grade)|3C认证"
)
_DENIED = re.compile(
    r"\b(?:not|no|without|never|pending|awaiting|applied for|planned|lacks?)\b"
    r"|未|没有|尚未|正在(?:申请|办理)|无(?=[A-Z\d])|非",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LONGEST_ANSWER = 40
_LONGEST_ITEM = 24
_CLOSING = re.compile(r"\s*(?:就这|这[几三四五]样|没有?别的|，没|that'?s (?:it|all))")
_LAUNDERS = re.compile(
    r"\b(?:bleach|tumble|iron|dry[- ]clean|wring|spin|soak|wash)\w*"
    r"|漂白|烘干|熨|拧|干洗|水洗|机洗|暴晒",
    re.IGNORECASE,
)
"""What a care label forbids belongs to the care."""
_LONGEST_KEY = 40
_LONGEST_VALUE = 120


def read_labelled(sentence: Sentence) -> list[ExtractedFact]:
    """The facts of a sentence with a label (`Material: stoneware`) or under a known heading."""
    field = sentence.meaning.field if sentence.label else sentence.section
    text = tidy(sentence.text)
    if field == "variant" and sentence.label and find_quantities(text) and "、" not in text:
        return read_property(sentence, sentence.label, text)
    if not text or field in (
        "note",
        "sku",
        "variant",
        "price",
        "list_price",
        "live_price",
        "stock",
        "currency",
    ):
        return []
    if field in _SCALARS and sentence.label:
        value = _NAME_NOISE.sub("", text) if field == "name" else text
        return [found_in(sentence, _as_field(field), value)]
    if field == "selling_points":
        return [
            found_in(sentence, "selling_points", point)
            for point in split_points(text)
            if not is_commercial(point)
        ]
    if field == "usage" and topic_of(text) == "warnings" and not _LAUNDERS.search(text):
        field = "warnings"
    if field in _SENTENCES:
        labelled = tidy(sentence.evidence.quote.replace("**", ""))
        return [found_in(sentence, _as_field(field), text if _is_told(field, text) else labelled)]
    if field in _ITEMS:
        items = _INGREDIENT_SPLIT.split(text) if field != "certifications" else _standards(text)
        if field == "materials":
            items = [item for item in items if item == items[0] or names_material(item)]
        pieces = [tidy(item) for item in items if tidy(item)] or [text]
        if field == "certifications" and _DENIED.search(text):
            return []
        return [found_in(sentence, _as_field(field), item) for item in pieces]
    if sentence.label and (field is None or (field == "sizes" and is_dimension(text))):
        return read_property(sentence, sentence.label, text)
    return []


def find_answer(sentence: Sentence) -> list[ExtractedFact]:
    """The value of the property that the question before it asks for (`how big is the bin`)."""
    if sentence.topic == "ingredients" and sentence.first:
        items = split_items(_CLOSING.split(sentence.text, maxsplit=1)[0])
        if len(items) == 1:
            items = sentence.text.split()
        short = [item for item in items if len(item) <= _LONGEST_ITEM and item[:1].isalnum()]
        return [found_in(sentence, "ingredients", item) for item in short if len(short) > 1]
    key = asked_property(sentence.asked) if sentence.asked and sentence.first else None
    text = tidy(sentence.text)
    if key is None or not text or len(text) > _LONGEST_VALUE:
        return []
    quantities = find_quantities(text)
    covered = sum(q.end - q.start for q in quantities)
    is_list = len(split_items(text)) > 2
    brief = len(text) <= _LONGEST_ANSWER
    if not is_list and (not quantities or (covered * 2 < len(text) and not brief)):
        return []
    return read_property(sentence, key, text)


def find_properties(sentence: Sentence) -> list[ExtractedFact]:
    """Measures that a sentence states (`weighs 350 g`, `净重500克`), origin and materials."""
    text = sentence.text
    facts: list[ExtractedFact] = []
    if match := _IS.match(text):
        quantity = next(iter(find_quantities(match["value"])), None)
        if quantity and quantity.start == 0 and quantity.dimension and not is_money(quantity):
            facts += read_property(sentence, match["key"], match["value"][: quantity.end])
    for clause in re.split(r"[，；;]", text):
        for match in _STATED.finditer(clause):
            facts += _stated(sentence, match["key"], match["value"])
        if not any(fact.value in clause for fact in facts):
            for match in _COPULA.finditer(clause):
                if names_property(match["key"]) and find_quantities(match["value"]):
                    facts += read_property(sentence, match["key"], match["value"])
    for name, verb in _VERBS:
        match = re.search(
            rf"(?:{verb})\s*(?:about|approximately|only|just|up to|around)?\s*", text, re.I
        )
        if match is None:
            continue
        quantities = [q for q in find_quantities(text) if q.start >= match.end()]
        if quantities and quantities[0].start - match.end() <= 2 and quantities[0].dimension:
            last = quantities[0]
            for quantity in quantities[1:]:
                if not re.fullmatch(r"\s?(?:x|×|by|-|–|to)\s?", text[last.end : quantity.start]):
                    break
                last = quantity
            facts += read_property(sentence, name, text[quantities[0].start : last.end])
    facts += _read_bare(sentence, facts)
    if sentence.passage.kind in ("image", "pdf") and (match := _CONTENT.match(text)):
        facts += read_property(sentence, "net content", match["value"])
    if match := _MADE_IN.search(text):
        facts.append(
            found_in(
                sentence,
                "specs",
                match["where"],
                key=text[match.start() : match.start("where")].strip(),
            )
        )
    return facts


def _read_bare(sentence: Sentence, known: list[ExtractedFact]) -> list[ExtractedFact]:
    """A measure whose unit tells what it measures (`185 g/m²`, `up to 45 h battery`)."""
    found: list[ExtractedFact] = []
    for name, pattern in _BARE:
        match = pattern.search(sentence.text)
        if match and not any(match["value"] in fact.value for fact in known):
            found += read_property(sentence, name, match["value"])
    return found


def find_certifications(sentence: Sentence) -> list[ExtractedFact]:
    """Standards and marks that a sentence names as held; a denied or pending one is none."""
    if sentence.meaning.field == "certifications" or _DENIED.search(sentence.text):
        return []
    return [
        found_in(sentence, "certifications", standard) for standard in _standards(sentence.text)
    ]


def split_points(text: str) -> list[str]:
    """The single points of a list of selling points."""
    if re.search(r"[;；]", text):
        return [tidy(part) for part in re.split(r"[;；]", text) if tidy(part)]
    if "、" in text and "，" not in text:
        return split_items(text)
    parts = [tidy(part) for part in re.split(r",\s+(?:and\s+)?|，", text) if tidy(part)]
    return parts if len(parts) > 2 else [text]


def _is_told(field: str, text: str) -> bool:
    """Whether `text` says without its label what it is about (`2 years` of warranty does not)."""
    topic = topic_of(text)
    return field == "warnings" or topic == field or (field == "usage" and topic is not None)


def names_material(text: str) -> bool:
    """Whether `text` names a material, or a share of one."""
    return "%" in text or any(term.cls == "material" for term in find_terms(text))


def _stated(sentence: Sentence, key: str, value: str) -> list[ExtractedFact]:
    if read_label(key).field == "materials":
        return [found_in(sentence, "materials", value)]
    return read_property(sentence, key, value)


def read_property(sentence: Sentence, key: str, value: str) -> list[ExtractedFact]:
    """`value` as the property `key` of the goods, or as what its name says that it is."""
    key = tidy(key)
    key = key.replace(".", "．") if _HAN.search(key) else key  # a path is parted by points
    if not key or len(key) > _LONGEST_KEY or len(value) > _LONGEST_VALUE or "." in key:
        return []
    if is_commercial(f"{key} {value}") or sentence.is_question:
        return []
    topic = topic_of(key)
    if topic is not None and topic != "materials":
        return [found_in(sentence, topic, f"{value}")]
    return [found_in(sentence, "specs", value, key=key)]


def _standards(text: str) -> list[str]:
    return [tidy(match.group()) for match in _STANDARD.finditer(text)]


def _as_field(field: str | None) -> FactField:
    from typing import cast

    return cast("FactField", field)
