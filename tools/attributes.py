"""Attributes that a product's title states: measures, counts, colours, materials and the like.

What an attribute is about is told from its name; only classes of general knowledge are read. What
takes understanding (flavours, names of models, benefits) is left to the product analyst's model.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.language import detect_language
from domain.lexicon import find_terms
from domain.quantities import Quantity, find_quantities

_COUNT_WORDS = (
    r"count|ct|pcs?|pieces?|packs?|bags?|pods?|capsules?|caps|tablets?|tabs|softgels?|gummies|"
    r"sachets?|sticks?|sheets?|rolls?|wipes|servings?|pairs?|bottles?|boxes|cups?|lozenges|"
    r"片|粒|包|袋|只|个|支|盒|瓶|双|枚|条|张"
)
_COUNT = re.compile(rf"(?<![\w.])\d[\d,]*\+?[ -]{{0,2}}(?:{_COUNT_WORDS})\b\.?", re.IGNORECASE)
_PACK = re.compile(
    r"(?:packs?|case|set|box|pack size|bundle) of \d+|(?<![\w.])\d+ ?- ?packs?\b"
    r"|(?<![\w.])\d+ (?:packs?|pk)\b|\d+pcs?/lot"
    r"|\b(?:twin|triple|double|single) packs?\b|\bdozen\b",
    re.IGNORECASE,
)
_NET = re.compile(
    r"(?<![\w.])\d+(?:\.\d+)?[ -]?(?:fl(?:uid)?\.? ?(?:oz|ounces?)|ounces?|oz|lbs?|pounds?|grams?|g"
    r"|kg|ml|l|liters?|litres?|gal(?:lons?)?|克|千克|毫升|升|斤)\b\.?",
    re.IGNORECASE,
)
_DOSE = re.compile(r"(?<![\w.])\d[\d,.]* ?(?:mg|mcg|µg|iu|i\.u\.)(?![a-z])", re.IGNORECASE)
_SHIELD = re.compile(
    r"(?:broad[ -]spectrum )?\bspf ?\d+ ?\+?(?:[ /]?pa ?\++)?|\bupf ?\d+\+?|\bbroad[ -]spectrum\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![\w#/-])(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z][A-Z0-9]*-?[A-Z0-9]*(?:-[A-Z0-9]+)*(?![\w/])"
    r"|(?<![\w-])\d{5,}(?:-\d+)?(?![\w-])"
)
_NO_CODE = re.compile(
    r"(?:UV|SPF|UPF|PM|KN|TR|USB|3D|4K|HD|B|D|C|K|V|S|M|L|X|XL|EU|US|UK|A)-?\d{0,3}\+?"
)
_GENDER = re.compile(
    r"\b(?:unisex|wom[ae]n(?:['’]?s)?|men(?:['’]?s)?|girls?['’]?s?|boys?['’]?s?|ladies['’]?)(?!\w)"
    r"|女士|男士|男女通用|女款|男款",
    re.IGNORECASE,
)
_SEASON = re.compile(r"\b(?:winter|summer|spring|autumn|fall)\b|[春夏秋冬]季", re.IGNORECASE)
_ORIGIN = re.compile(
    r"\b(?:made|assembled|blended|grown|woven) in (?:the )?[A-Z]\w*(?: [A-Z]\w*)?"
    r"|[\u3400-\u9fff]{1,4}产"
)
_AGE = re.compile(
    r"\b(?:adults?|kids?['’]?s?|child(?:ren)?(?:['’]?s)?|infants?(?:/toddlers?)?|toddlers?"
    r"|bab(?:y|ies)|teens?|seniors?|\d+ plus)(?!\w)|成人|儿童|婴儿|老人",
    re.IGNORECASE,
)
_PATTERN = re.compile(
    r"\b(?:solid|print(?:ed)?|strip(?:ed|es)|floral|plaid|polka dots?|dots?|camouflage|letter"
    r"|leopard|patchwork|geometric|tie[ -]dye|paisley|checked|checkered|cartoon|animal)\b"
    r"|纯色|条纹|格子|碎花|印花|波点|迷彩",
    re.IGNORECASE,
)
_SPORT = re.compile(
    r"\b(?:(?:ice |field )?hockey|basketball|baseball|football|soccer|volleyball|tennis|badminton"
    r"|table tennis|golf|running|cycling|skiing|snowboarding|swimming|surfing|yoga|boxing|hiking"
    r"|climbing|fishing|skating|rugby|cricket|walking|gym|fitness|martial arts|horse riding)\b"
    r"|跑步|骑行|滑雪|游泳|瑜伽|篮球|足球|羽毛球|网球|登山|健身",
    re.IGNORECASE,
)
_ROAST = re.compile(r"\b(?:extra )?(?:light|medium|dark|blonde)(?:[ -]dark)?[ -]roast\b", re.I)
_CAFFEINE = re.compile(r"\b(?:decaf(?:feinated)?|half[ -]caff|caffeine[ -]free)\b", re.IGNORECASE)
_DIET = re.compile(r"\b(?:vegan|vegetarian|gluten[ -]free|kosher|halal|keto)\b", re.IGNORECASE)
_OPTICS = re.compile(r"\b(?:polarized|polarised|photochromic|mirrored|uv ?400)\b", re.IGNORECASE)
_SIZE = re.compile(
    r"\b(?:one size(?: fits all)?|(?:extra )?(?:small|large)(?: size)?|medium(?: size)?"
    r"|(?:XXS|XS|S|M|L|XL|XXL|\dXL)(?:/(?:XXS|XS|S|M|L|XL|XXL|\dXL))+(?: size)?"
    r"|size (?:XXS|XS|S|M|L|XL|XXL|\dXL|\d+(?:\.\d)?))(?!\w)|均码|[大中小]号",
    re.IGNORECASE,
)
_MADE_OF = re.compile(
    r"\b(?:\d+% )?(?:rosewood|ebony|mahogany|maple|basswood|spruce|walnut|oak|pine|beech|alder|ash"
    r"|bamboo|carbon(?: fib(?:er|re))?|fiberglass|acetate|alloy|aluminium|aluminum|titanium|brass"
    r"|copper|tr90|tpu|abs|pvc|pp|eva|pc|spandex|lycra|nylon|polyester|acrylic|rayon|viscose"
    r"|modal|mesh|canvas|denim|suede|leather|nubuck|velvet|satin|lace|fabric|cloth)\b",
    re.IGNORECASE,
)
_SAME_PART = {"fingerboard": "fretboard", "fretboard": "fingerboard"}
_LENGTHS = r"length|width|height|diameter|thickness|depth|circumference"
_PLAIN = re.compile(r"[^a-z\u3400-\u9fff]+")
_BRAND_NOISE = re.compile(
    r"(?:(?:\d{4}|new(?:est)?|hot|sale|free shipping|original|genuine|an item of|by)\b[ ,!-]*)+",
    re.IGNORECASE,
)
_BRAND = re.compile(
    r"(?:The )?(?:[A-Z][\w.]*(?:['’][a-zA-Z]+)?)(?:(?: &amp; | & | and | of |-)[A-Z]\w*)*[®™]?"
)
_MARKED_BRAND = re.compile(r"[A-Z]+[a-z]*[A-Z]\w*[®™]?|\w+[®™]")


@dataclass(frozen=True, slots=True)
class TitleReading:
    """What code read in a title, by attribute, and which attributes it leaves to a model."""

    values: dict[str, str]
    unsure: tuple[str, ...]


def read_title(title: str) -> dict[str, str]:
    """Measures and counts that a product's name states, as properties in the title's language.

    `Kiln Mug, 350 ml, set of 2` gives `capacity: 350 ml` and `pack size: set of 2`. A dimension
    that the title states more than once (`2 L / 3 L`) names variants and is left out.
    """
    lang = detect_language(title)
    found: dict[str, str] = {}
    if pack := _PACK.search(title):
        found["包装数量" if lang == "zh" else "pack size"] = pack.group()
    for dimension, names in _PROPERTIES.items():
        stated = [q for q in find_quantities(title) if q.dimension == dimension]
        if not stated or (dimension != "length" and len(stated) > 1):
            continue
        if dimension == "length" and not _is_one_size(title, stated):
            continue
        found[names[lang == "zh"]] = title[stated[0].start : stated[-1].end]
    return found


def read_attributes(title: str, category: str, attributes: Sequence[str]) -> TitleReading:
    """The values that rules find for `attributes`, each in the title's own words.

    `unsure` lists what no rule knows, what rules know some words of and do not find (a colour may
    have any name), and the brand, which a rule guesses from the first words. Of a closed class
    what is not found is not in the title.
    """
    values: dict[str, str] = {}
    unsure: list[str] = []
    for attribute in attributes:
        name = _PLAIN.sub(" ", attribute.lower()).strip()
        reader = next((read for pattern, read in _READERS if pattern.search(name)), None)
        if reader is None:
            unsure.append(attribute)
            continue
        value = reader(title, name)
        if value:
            values[attribute] = value
        if reader in _GUESSES or (value is None and reader in _OPEN):
            unsure.append(attribute)
    return TitleReading(values, tuple(unsure))


def find_in_title(value: str, title: str) -> str | None:
    """`value` as the title writes it, whole words; None where it does not stand there."""
    value = value.strip()
    if not value:
        return None
    before = r"(?<![^\W_])" if value[0].isascii() and value[0].isalnum() else ""
    after = r"(?![^\W_])" if value[-1].isascii() and value[-1].isalnum() else ""
    words = r"\s+".join(map(re.escape, value.split()))
    found = re.search(before + words + after, title, re.IGNORECASE)
    return found.group() if found else None


_PROPERTIES: dict[str, tuple[str, str]] = {
    "mass": ("weight", "重量"),
    "volume": ("capacity", "容量"),
    "length": ("dimensions", "尺寸"),
    "power": ("power", "功率"),
}


def _is_one_size(title: str, lengths: Sequence[Quantity]) -> bool:
    between = (title[a.end : b.start] for a, b in pairwise(lengths))
    return all(re.fullmatch(r"\s*(?:x|×|\*|by)\s*", gap, re.IGNORECASE) for gap in between)


def _first(pattern: re.Pattern[str]) -> Callable[[str, str], str | None]:
    def read(title: str, _name: str) -> str | None:
        found = pattern.search(title)
        return found.group().strip() if found else None

    return read


def _read_brand(title: str, _name: str) -> str | None:
    noise = _BRAND_NOISE.match(title)
    rest = title[noise.end() :] if noise else title
    if marked := _MARKED_BRAND.match(rest):
        return marked.group()
    first = _BRAND.match(rest)
    if first is None or find_terms(first.group()) or _GENDER.match(first.group()):
        return None
    return first.group()


def _read_gender(title: str, _name: str) -> str | None:
    """`Unisex` where it is said, else the first that is named."""
    said = [match.group() for match in _GENDER.finditer(title)]
    both = (word for word in said if word.lower() in ("unisex", "男女通用"))
    return next(both, said[0] if said else None)


def _read_colour(title: str, name: str) -> str | None:
    return _nearest(title, name, [(t.start, t.end) for t in find_terms(title) if t.cls == "colour"])


def _read_material(title: str, name: str) -> str | None:
    spans = [m.span() for m in _MADE_OF.finditer(title)]
    terms = [(t.start, t.end) for t in find_terms(title) if t.cls == "material"]
    spans += [t for t in terms if not any(t[0] < end and start < t[1] for start, end in spans)]
    return _nearest(title, name, sorted(spans))


def _nearest(title: str, name: str, spans: Sequence[tuple[int, int]]) -> str | None:
    """The span last before the part that the attribute names (`Frame Color`), else the first."""
    words = name.split()
    part = words[0] if len(words) > 1 else ""
    places = [title.lower().find(word) for word in (part, _SAME_PART.get(part, part)) if word]
    at = max(places, default=-1)
    before = [span for span in spans if span[1] <= at]
    start, end = before[-1] if before else next(iter(spans), (0, 0))
    return title[start:end] or None


def _read_origin(title: str, _name: str) -> str | None:
    if found := _ORIGIN.search(title):
        return found.group()
    return next((term.text for term in find_terms(title) if term.cls == "country"), None)


def _read_net_content(title: str, _name: str) -> str | None:
    pack = _PACK.search(title)
    for pattern in (_NET, _COUNT):
        for found in pattern.finditer(title):
            if pack is None or not (pack.start() <= found.start() < pack.end()):
                return found.group()
    return pack.group() if pack else None


def _read_length(title: str, name: str) -> str | None:
    del name
    lengths = [q for q in find_quantities(title) if q.dimension == "length"]
    return title[lengths[0].start : lengths[0].end] if lengths else None


def _read_weight(title: str, _name: str) -> str | None:
    masses = [q for q in find_quantities(title) if q.dimension == "mass"]
    return masses[0].text if masses else None


def _read_code(title: str, _name: str) -> str | None:
    codes = (match.group() for match in _CODE.finditer(title))
    return next((c for c in codes if not _NO_CODE.fullmatch(c) and len(c) > 2), None)


def _read_counted(title: str, name: str) -> str | None:
    """A number before the attribute's own noun (`32 Loads` for a load size)."""
    stem = re.escape(name.split()[0].rstrip("s"))
    found = re.search(rf"(?<![\w.])\d+[ -]?{stem}\w*", title, re.IGNORECASE)
    return found.group() if found else None


_first_size = _first(_SIZE)
_GUESSES = frozenset({_read_brand})
_OPEN = frozenset(
    {_read_colour, _read_material, _read_code, _first_size, _read_net_content, _read_counted}
)
_READERS: tuple[tuple[re.Pattern[str], Callable[[str, str], str | None]], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"^brand|品牌", _read_brand),
        (r"gender|applicable people|性别", _read_gender),
        (r"colou?r|颜色", _read_colour),
        (r"material|材质|面料", _read_material),
        (r"^(?:model|item|part|style) (?:number|no)|型号", _read_code),
        (r"^size|尺码", _first_size),
        (r"pack size|pack count|包装数量", _first(_PACK)),
        (r"net content|volume|净含量|容量", _read_net_content),
        (r"weight|重量", _read_weight),
        (rf"(?:{_LENGTHS})$|长度|宽度|高度", _read_length),
        (r"dosage|strength", _first(_DOSE)),
        (r"protection level|spf", _first(_SHIELD)),
        (r"sport", _first(_SPORT)),
        (r"season|季节", _first(_SEASON)),
        (r"pattern|图案", _first(_PATTERN)),
        (r"^age|department|年龄", _first(_AGE)),
        (r"country|origin|产地", _read_origin),
        (r"roast", _first(_ROAST)),
        (r"caffeine", _first(_CAFFEINE)),
        (r"^diet", _first(_DIET)),
        (r"optical", _first(_OPTICS)),
        (r"^(?:load|layer|section|string|serving)", _read_counted),
    )
)
