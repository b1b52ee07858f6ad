"""Units of a trade whose words mean another thing elsewhere.

支 counts tubes of lipstick, and before a cloth it grades the yarn; 根 counts sticks, and there it
counts threads; 度 is warmth, an angle, or the strength of a spirit. What stands beside the number
tells them apart.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from domain.units import Unit

_CLOTH = (
    r"(?:(?:全|纯|精梳|长绒|新疆|埃及|有机|匹马)*棉(?![签棒球条])|纱(?!布口罩)|亚麻|苎麻|羊毛|羊绒|桑蚕丝|蚕丝"
    r"|真丝|天丝|冰丝|莫代尔|粘胶|涤纶|竹纤维|面料|贡缎|府绸|斜纹|平纹|牛津纺|双股|精梳|紧密纺|高支)"
)
_HOSE = (
    r"[ -]?(?:尼龙|锦纶|涤纶|聚酯|牛津|丝袜|连裤|天鹅绒|包芯|春亚纺|塔丝隆|polyester|nylon"
    r"|oxford|tights|stockings|cordura)"
)
_NEAR = r"[\u4e00-\u9fff]{0,4}?"
_WEIGHED = r"克重[：:\s为约是]{0,3}$"


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a unit is known: by what comes `after` the number, alone or with what comes `before`."""

    unit: Unit
    after: re.Pattern[str]
    before: re.Pattern[str] | None = None
    least: int = 0


def _unit(name: str, dimension: str, factor: str = "1") -> Unit:
    return Unit(name, dimension, Decimal(factor))


def _reading(unit: Unit, after: str, before: str = "", least: int = 0) -> _Reading:
    return _Reading(
        unit,
        re.compile(after, re.IGNORECASE),
        re.compile(before, re.IGNORECASE) if before else None,
        least,
    )


_YARN = _unit("yarn count", "yarn_count")
_THREADS = _unit("thread count", "thread_count")
_GSM = _unit("gsm", "area_weight")
_ANGLE = _unit("deg", "angle")
_SPIRIT = _unit("% vol", "alcohol")
_LENS = _unit("lens degree", "lens")

# In the order in which they are tried. The English yarn count is the Ne of ISO 2947; denier and
# momme are those of ISO 1144 and of the silk trade; one 丝 is a hundredth of a millimetre.
_READINGS = (
    _reading(_YARN, rf" ?支(?![装入])(?={_NEAR}{_CLOTH})|S(?={_CLOTH})", least=10),
    _reading(_YARN, r" ?(?:支|S(?![a-z]))", r"(?:纱支|支数)[：:\s为约是]{0,3}$"),
    _reading(
        _YARN,
        r"[ -]?counts?(?=[ -](?:egyptian |organic |combed |long-staple )?(?:cotton|linen|wool|yarn)"
        r"(?! (?:swabs?|pads?|balls?|rounds?|buds?)))",
        least=10,
    ),
    _reading(_THREADS, rf" ?根(?={_NEAR}{_CLOTH})|[ -]?thread[ -]?count", least=100),
    _reading(_THREADS, r" ?根", r"(?:密度|经纬)[：:\s为约是]{0,3}$"),
    _reading(_GSM, r" ?(?:克|g)重(?!量)", r"(?:^|[^有才只就够约概近\s])\s*$"),
    _reading(_GSM, r" ?(?:克|g)(?:/|每)(?:平方?米?|㎡|m²|m2)"),
    _reading(_GSM, r" ?(?:克|g)(?![a-z/每])", _WEIGHED),
    _reading(_unit("grit", "mesh"), r" ?目(?=的?(?:磨|砂))|[ -]?grit\b"),
    _reading(_unit("mesh", "mesh"), r" ?目(?![的标录前光镜击睹测])|[ -]mesh\b"),
    _reading(
        _unit("丝", "length", "0.01"),
        r" ?丝(?=厚|加厚|塑|膜|左右|以上|[，。；、）),;.]|\s|$)",
    ),
    _reading(_unit("denier", "denier"), rf" ?(?:旦尼尔|旦|D)(?={_HOSE})|[ -]?denier\b| ?旦尼尔"),
    _reading(_unit("gauge", "gauge"), r" ?针(?=[\u4e00-\u9fff]{0,2}?(?:羊毛|羊绒|针织|毛衣|毛衫))"),
    _reading(_unit("hp", "horsepower"), r" ?匹(?![布马绸配])|[ -]?(?:hp|horsepower)\b"),
    _reading(_unit("momme", "momme"), r" ?姆米|[ -]momme\b"),
    _reading(_SPIRIT, r" ?度(?=[\u4e00-\u9fff]{0,3}?酒)| ?% ?(?:vol|abv)\b"),
    _reading(_SPIRIT, r" ?(?:度|%)", r"酒精(?:度|含量|浓度)?[：:\s为约是]{0,3}$"),
    _reading(_ANGLE, r" ?度(?=无死角|全景|旋转|环绕|可调|翻转|转|开合|广角|视角)"),
    _reading(_ANGLE, r" ?度", r"(?:旋转|广角|开合|仰角|倾角|角度|视角)[：:\s为约是]{0,3}$"),
    _reading(_LENS, r" ?度(?=近视|远视|老花|散光)"),
)

_ANY = re.compile(
    r"[ -]?(?:[支根克目丝旦针匹姆度%]|[SDg](?![a-z])|count|thread|grit|mesh|denier|hp|horse|momme)",
    re.IGNORECASE,
)
"""How any of them starts: most numbers are passed over at once."""

GRADES = frozenset({"yarn_count", "thread_count", "mesh", "gauge", "denier", "momme"})
"""Dimensions that grade a cloth or a sieve, which many write as a bare number (`60-count`)."""


def find_trade_unit(text: str, start: int, end: int, value: Decimal) -> tuple[Unit, int] | None:
    """The trade's unit of the number `value` at `start` to `end` of `text`, and where it ends."""
    if _ANY.match(text, end) is None:
        return None
    before = text[max(0, start - 8) : start]
    for reading in _READINGS:
        after = reading.after.match(text, end)
        if after is None or value < reading.least:
            continue
        if reading.before is None or reading.before.search(before):
            return reading.unit, after.end()
    return None
