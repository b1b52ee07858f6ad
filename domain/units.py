"""The units that people write on products and in chats, and what they convert to.

Factors are exact: the international yard and pound agreement (1959), the US fluid ounce, and the
Chinese market units of 1959 (1 jin = 500 g, 1 liang = 50 g). A month is not a number of days, and a
business day is not a day, so each has a dimension of its own.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its canonical name, its dimension, and its size in the dimension's base unit."""

    name: str
    dimension: str
    factor: Decimal
    metric: bool = True


_COUNTED = (
    "pc|pcs|piece|pieces|unit|units|item|items|pack|packs|set|sets|pair|pairs|box|boxes|bag|bags|"
    "bottle|bottles|can|cans|jar|jars|sheet|sheets|capsule|capsules|tablet|tablets|serving|"
    "servings|cup|cups|layer|layers|ply|people|person|persons|times|colours|colors|colour|color|"
    "sizes|styles|"
    "件|只|个|条|双|瓶|盒|包|袋|片|支|套|张|粒|颗|台|罐|枚|根|本|把|杯|份|箱|对|层|款|人|次|颜色|色|"
    "位|组|单|笔|桶|卷|顶|串|尺码"
)

# canonical name, size in base units, surfaces (split at "|"); a surface with an upper-case letter
# is matched as it is, any other without regard to case.
_TABLE: dict[str, tuple[tuple[str, str, str], ...]] = {
    "mass": (
        ("mg", "0.001", "mg|milligram|milligrams|毫克"),
        ("g", "1", "g|gm|gram|grams|gramme|grammes|克"),
        ("kg", "1000", "kg|kgs|kilo|kilos|kilogram|kilograms|千克|公斤"),
        ("t", "1000000", "tonne|tonnes|吨"),
        ("斤", "500", "斤|jin|catty"),
        ("两", "50", "两"),
        ("oz", "28.349523125", "oz|ounce|ounces|盎司|安士"),
        ("lb", "453.59237", "lb|lbs|pound|pounds|磅"),
    ),
    "volume": (
        ("ml", "1", "ml|mL|cc|millilitre|millilitres|milliliter|milliliters|毫升"),
        ("cl", "10", "cl"),
        ("l", "1000", "l|L|litre|litres|liter|liters|升|公升"),
        (
            "fl oz",
            "29.5735295625",
            "fl oz|fl. oz|fl.oz|floz|fluid ounce|fluid ounces|液体盎司|液盎司",
        ),
        ("gal", "3785.411784", "gal|gallon|gallons|加仑"),
    ),
    "length": (
        ("um", "0.001", "um|μm|µm|micron|microns|微米"),
        ("mm", "1", "mm|millimetre|millimetres|millimeter|millimeters|毫米"),
        ("cm", "10", "cm|centimetre|centimetres|centimeter|centimeters|厘米|公分"),
        ("m", "1000", "m|metre|metres|meter|meters|米"),
        ("km", "1000000", "km|kilometre|kilometres|kilometer|kilometers|公里|千米"),
        ("in", "25.4", "in|inch|inches|英寸|寸"),
        ("ft", "304.8", "ft|foot|feet|英尺"),
        ("yd", "914.4", "yd|yard|yards"),
    ),
    "area": (
        ("cm2", "1", "cm2|cm²|sq cm|平方厘米"),
        ("m2", "10000", "m2|m²|㎡|sq m|square metres|square meters|平方米|平米"),
    ),
    "area_weight": (("gsm", "1", "gsm|g/m2|g/m²|克/平方米|克每平方米"),),
    "time": (
        ("ms", "0.001", "ms|milliseconds|毫秒"),
        ("s", "1", "s|sec|secs|second|seconds|秒|秒钟"),
        ("min", "60", "min|mins|minute|minutes|分钟"),
        ("h", "3600", "h|H|hr|hrs|hour|hours|小时|钟头"),
        ("day", "86400", "day|days|天|日|晚|night|nights"),
        ("week", "604800", "wk|wks|week|weeks|周|星期|礼拜"),
    ),
    "business_time": (
        (
            "business day",
            "1",
            "business day|business days|working day|working days|个工作日|工作日",
        ),
    ),
    "calendar": (
        ("month", "1", "mo|mos|month|months|个月|月"),
        ("year", "12", "yr|yrs|year|years|years old|年|周年|岁"),
    ),
    "percent": (("%", "1", "%|percent|per cent|pct"),),
    "currency:USD": (
        ("USD", "1", "USD|US$|usd|dollar|dollars|buck|bucks|美元|美金|美刀"),
        ("USD", "0.01", "cent|cents|美分"),
    ),
    "currency:CNY": (
        ("CNY", "1", "CNY|RMB|cny|rmb|yuan|元|块|块钱|元钱|人民币"),
        ("CNY", "0.1", "毛|毛钱"),
    ),
    "currency:EUR": (("EUR", "1", "EUR|eur|€|euro|euros|欧元"),),
    "currency:GBP": (("GBP", "1", "GBP|gbp|£|quid|英镑"),),
    "currency:JPY": (("JPY", "1", "JPY|jpy|yen|日元|日圆"),),
    "currency:HKD": (("HKD", "1", "HKD|hkd|港币|港元"),),
    "currency:TWD": (("TWD", "1", "TWD|twd|NTD|台币|新台币"),),
    "currency:AUD": (("AUD", "1", "AUD|aud|澳元"),),
    "currency:CAD": (("CAD", "1", "CAD|cad|加元"),),
    "currency:SGD": (("SGD", "1", "SGD|sgd|新元|新币"),),
    "currency:KRW": (("KRW", "1", "KRW|krw|₩|韩元"),),
    "currency:INR": (("INR", "1", "INR|inr|₹|rupees|卢比"),),
    "power": (
        ("mW", "0.001", "mW|毫瓦"),
        ("W", "1", "w|W|watt|watts|瓦"),
        ("kW", "1000", "kw|kilowatts|千瓦"),
    ),
    "voltage": (("V", "1", "v|V|volt|volts|伏|伏特"), ("kV", "1000", "kv")),
    "current": (("mA", "1", "mA|毫安"), ("A", "1000", "amps|amp|安培")),
    "charge": (("mAh", "1", "mah|毫安时"), ("Ah", "1000", "ah|安时")),
    "energy": (
        ("kJ", "1", "kj|千焦"),
        ("kcal", "4.184", "kcal|cal|calories|大卡|千卡|卡路里"),
        ("Wh", "3.6", "wh|瓦时"),
        ("kWh", "3600", "kwh|度电|千瓦时"),
    ),
    "frequency": (
        ("Hz", "1", "hz|赫兹"),
        ("kHz", "1000", "khz"),
        ("MHz", "1000000", "mhz"),
        ("GHz", "1000000000", "ghz"),
    ),
    "data": (
        ("KB", "1", "kb"),
        ("MB", "1000", "mb"),
        ("GB", "1000000", "gb"),
        ("TB", "1000000000", "tb"),
    ),
    "pressure": (("bar", "100000", "bar"), ("Pa", "1", "pa|帕"), ("kPa", "1000", "kpa")),
    "sound": (("dB", "1", "db|分贝"),),
    "light": (("lm", "1", "lm|lumen|lumens|流明"), ("nit", "1", "nits")),
    "rotation": (("rpm", "1", "rpm|转/分|转每分"),),
    "angle": (("deg", "1", "°|degree|degrees"),),
    "temperature": (
        ("C", "1", "°c|℃|degrees celsius|celsius|摄氏度|度"),
        ("F", "1", "°f|℉|degrees fahrenheit|fahrenheit|华氏度"),
    ),
    "size": (("码", "1", "码"),),
    "count": (
        (
            "pcs",
            "1",
            _COUNTED,
        ),
        ("dozen", "12", "dozen|打"),
        ("ten thousand pcs", "10000", "万件|万份|万单|万人|万瓶"),
    ),
    "multiple": (("x", "1", "倍|fold"),),
}

_IMPERIAL = frozenset({"oz", "lb", "fl oz", "gal", "in", "ft", "yd"})

CASED: dict[str, Unit] = {}
FOLDED: dict[str, Unit] = {}
_CHINESE: dict[str, str] = {}
for _dimension, _rows in _TABLE.items():
    for _name, _factor, _surfaces in _rows:
        _unit = Unit(_name, _dimension, Decimal(_factor), _name not in _IMPERIAL)
        for _surface in _surfaces.split("|"):
            if not _surface[0].isascii() and "\u3400" <= _surface[0] <= "\u9fff":
                _CHINESE.setdefault(_name, _surface)
            if _surface == _surface.lower():
                FOLDED[_surface] = _unit
            else:
                CASED[_surface] = _unit

CURRENCY_SYMBOLS: dict[str, str] = {
    "US$": "USD",
    "HK$": "HKD",
    "NT$": "TWD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "S$": "SGD",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "CNY",
    "₩": "KRW",
    "₹": "INR",
} | {
    code: unit.name
    for code, unit in CASED.items()
    if unit.dimension.startswith("currency") and code.isalpha()
}
"""What stands before an amount, and the ISO 4217 code that it is read as by default."""


def look_up_unit(surface: str) -> Unit | None:
    """The unit that `surface` names, or None."""
    return CASED.get(surface) or FOLDED.get(surface.lower())


def currency_unit(code: str) -> Unit:
    """The unit of an amount of money; `code` is ISO 4217."""
    return Unit(code, f"currency:{code}", Decimal(1))


def display_unit(name: str, lang: str) -> str | None:
    """The unit of that canonical name as a reader of `lang` (`en`, `zh`) writes it."""
    if lang == "zh":
        return _CHINESE.get(name)
    return name if name.isascii() else None
