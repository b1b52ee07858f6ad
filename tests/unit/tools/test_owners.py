"""A line leaves to each thing what the record says it has."""

import pytest

from domain.product import Fact
from tools.line_checks import check_line

PORTS = "Three ports for a laptop, a phone and earbuds at once"
SOCKETS = "三个接口，可同时给笔记本、手机和耳机充电"


def faults(text: str, value: str, lang: str) -> list[str]:
    name = Fact(field="name", value="Quillon Wall Charger")
    fact = Fact(field="selling_points[0]", value=value)
    found = check_line(text, [fact], lang=lang, named=[name])
    return [fault.quote for fault in found if fault.reason.startswith("has what")]


@pytest.mark.parametrize(
    ("text", "value", "lang", "owner"),
    [
        ("This laptop has three ports.", PORTS, "en", "laptop"),
        ("Your laptop's three ports, for phone and earbuds", PORTS, "en", "laptop"),
        ("你的笔记本有三个接口，手机耳机一起充", SOCKETS, "zh", "记本"),
    ],
)
def test_what_is_there_for_a_thing_is_not_the_things(
    text: str, value: str, lang: str, owner: str
) -> None:
    assert faults(text, value, lang) == [owner]


@pytest.mark.parametrize(
    ("text", "value", "lang"),
    [
        ("This charger has three ports for a laptop, a phone and earbuds.", PORTS, "en"),
        ("It has three ports for your laptop.", PORTS, "en"),
        ("The strap comes with two pockets", "Two pockets on the strap", "en"),
        ("背带有口袋，取东西顺手", "口袋装在背带上", "zh"),
        ("The lid has a lock", "A lid with a lock", "en"),
        ("The table has a leaf under the top", "Table has a leaf under the top", "en"),
        ("它有三个接口，笔记本、手机、耳机同时充", SOCKETS, "zh"),
        ("被套的四角有系绳，睡觉不跑被", "被套四角带系绳，睡觉不跑被", "zh"),
    ],
)
def test_what_the_record_says_of_it_is_its_own(text: str, value: str, lang: str) -> None:
    assert faults(text, value, lang) == []
