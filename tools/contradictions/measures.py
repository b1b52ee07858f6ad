"""Weights, capacities, lengths, times and other measured properties."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from domain.product import ProductRecord
from domain.quantities import Quantity
from tools.contradictions.statements import (
    Stated,
    agrees_with_any,
    amounts_in,
    around,
    is_denied,
    quantities_in,
    record_texts,
    says,
)
from tools.host_speech import Clause
from tools.questions.reading import content_words, covered

_FILE = Path(__file__).with_suffix(".yaml")
_MEASURED = frozenset(
    {
        "mass", "volume", "length", "area", "power", "voltage", "charge", "time", "calendar",
        "light", "sound", "data", "rotation", "area_weight", "energy", "frequency", "pressure",
    }
)  # fmt: skip
_TELLING = frozenset({"mass", "volume", "power", "charge", "light", "area_weight", "sound"})
"""Dimensions in which goods have one measure: it need not be named."""
_OF_GOODS = re.compile(
    r"^(?:and |so |but |only |just |well |now )*"
    r"(?:it|this|that|they|these|the|one|you (?:have|get)|at|only|\d)"
    r"|^(?:这|它|一|每|整|才|只有|足足|净|\d|我们)",
)
_OF_PEOPLE = re.compile(
    r"\b(?:i|my|you are|she|he|her|his|people|dogs?|if you|kilos? (?:of|less)|body)\b"
    r"|姑娘|身高|体重|斤的|岁|宝宝|孩子|我(?!们)",
)


def read_measures(clauses: Sequence[Clause], record: ProductRecord) -> Iterator[Stated]:
    """The measures that clauses state, each against the property of the record that it is about."""
    specs = [(path, value, amounts_in(value)) for path, value in record_texts(record, "specs")]
    known = [q for _, value in _all_texts(record) for q in amounts_in(value)]
    known += [q for size in record.variants.sizes for q in amounts_in(size)]
    for clause in clauses:
        if not clause.holds or _is_of_another_kind(clause):
            continue
        for quantity in _joined(quantities_in(clause.text)):
            is_read = quantity.dimension in (*_MEASURED, "count")
            if is_read and not is_denied(clause, quantity.start):
                yield from _state(clause, quantity, specs, known, record)


def _joined(quantities: Sequence[Quantity]) -> list[Quantity]:
    """Amounts that are said in two units (`4斤6两`, `5 feet 2 inches`) as one."""
    joined: list[Quantity] = []
    for quantity in quantities:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.dimension == quantity.dimension
            and last.unit != quantity.unit
            and 0 <= quantity.start - last.end <= 1
            and quantity.base < last.base
        ):
            text, base = f"{last.text}{quantity.text}", last.base + quantity.base
            joined[-1] = replace(last, end=quantity.end, text=text, base=base)
        else:
            joined.append(quantity)
    return joined


def _state(
    clause: Clause,
    quantity: Quantity,
    specs: Sequence[tuple[str, str, Sequence[Quantity]]],
    known: Sequence[Quantity],
    record: ProductRecord,
) -> Iterator[Stated]:
    near = around(clause, quantity)
    if quantity.dimension == "count":
        specs = [spec for spec in specs if any(_counts_same(quantity, q) for q in spec[2])]
    named = frozenset(name for name, words in _properties().items() if words.search(clause.text))
    same = [spec for spec in specs if any(q.dimension == quantity.dimension for q in spec[2])]
    about = [spec for spec in same if _is_about(spec[0], named, clause)]
    if not about and not _names_measure(named, quantity) and _may_be_of_goods(clause, quantity):
        about = same if len(same) == 1 else []
    slot = f"measure.{quantity.dimension}.{'+'.join(sorted(_narrow(named, quantity)))}"
    if says("particular", clause.text):
        slot += f".{clause.text}"
    confirmed = agrees_with_any(quantity, known, near)
    other = None
    if not confirmed and about and not _is_of_one_size(clause, about, record):
        other = about[0][1]
    if not about and not _narrow(named, quantity):
        return
    yield Stated(
        slot=slot,
        field=about[0][0] if about else f"specs.{'/'.join(sorted(named))}",
        said=quantity.text.strip(),
        value=quantity,
        clause=clause,
        known=other,
        confirmed=confirmed,
        is_loose=says("about", near) or says("above", near),
    )


def _counts_same(said: Quantity, known: Quantity) -> bool:
    """Two counts of the same things: in Chinese the measure word tells."""
    ending = known.text.strip()[-1:]
    is_word = known.dimension == "count" and not ending.isascii()
    return is_word and said.text.strip().endswith(ending)


def _all_texts(record: ProductRecord) -> list[tuple[str, str]]:
    return record_texts(
        record, "specs", "selling_points", "usage", "materials", "warnings", "name", "promotion"
    )


def _is_about(path: str, named: frozenset[str], clause: Clause) -> bool:
    """Whether a property of the record is what the clause speaks of."""
    key = path.removeprefix("specs.").lower()
    meant = {name for name, words in _properties().items() if words.search(key)}
    words = content_words(key)
    own = words - _unit_words()
    if own and covered(own, clause.text) >= 0.5:
        return True
    return bool(meant & named) and not (meant & _PARTS) - named


_PARTS = frozenset({"cable", "screen", "cold", "hot", "battery", "charging"})
"""What qualifies a measure: the cable's length is not that of the goods."""


def _names_measure(named: frozenset[str], quantity: Quantity) -> bool:
    return bool(_narrow(named, quantity))


_BY_DIMENSION = {
    "mass": frozenset({"weight"}),
    "volume": frozenset({"capacity"}),
    "length": frozenset(
        {"height", "width", "length", "depth", "thickness", "diameter", "cable", "screen", "range"}
    ),
    "power": frozenset({"power", "suction"}),
    "time": frozenset({"battery", "charging", "cold", "hot", "shelf"}),
    "calendar": frozenset({"shelf"}),
    "light": frozenset({"brightness"}),
    "sound": frozenset({"noise"}),
    "pressure": frozenset({"suction"}),
}


def _narrow(named: frozenset[str], quantity: Quantity) -> frozenset[str]:
    """The named properties that are measured in such units."""
    return named & _BY_DIMENSION.get(quantity.dimension or "", frozenset())


def _may_be_of_goods(clause: Clause, quantity: Quantity) -> bool:
    return (
        quantity.dimension in _TELLING
        and _OF_GOODS.search(clause.text) is not None
        and _OF_PEOPLE.search(clause.text) is None
    )


def _is_of_one_size(
    clause: Clause, about: Sequence[tuple[str, str, Sequence[Quantity]]], record: ProductRecord
) -> bool:
    """Said of one size of several, while the record does not tell of which its measure is."""
    if not says("particular", clause.text) or len(record.variants.sizes) < 2:
        return False
    return not any(says("particular", f"{path} {value}".lower()) for path, value, _ in about)


def _is_of_another_kind(clause: Clause) -> bool:
    """Terms and prices are read elsewhere."""
    text = clause.text
    return _OF_PEOPLE.search(text) is not None or any(
        says(kind, text)
        for kind in ("return_words", "warranty_words", "dispatch", "delivery", "damage_words")
        if not (kind == "delivery" and "takes" in text)
    )


@cache
def _unit_words() -> frozenset[str]:
    return content_words("length height width size weight time 长度 高度 重量 长 高 宽")


@cache
def _properties() -> dict[str, re.Pattern[str]]:
    lists = cast("dict[str, str]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))
    return {name: re.compile(words, re.IGNORECASE) for name, words in lists.items()}
