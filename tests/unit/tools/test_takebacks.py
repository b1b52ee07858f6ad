import pytest

from domain.evidence import Locator, Passage
from tools.extraction import extract_facts


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["the live price is 24.90", "sorry, it's 26.50 not 24.90"], "live_price", "26.5"),
        (["直播价139", "说错了，不是139，是129"], "live_price", "129"),
        (["stock: 200", "not 200 but 120"], "stock", "120"),
    ],
)
def test_the_right_figure_goes_where_the_wrong_one_was_read(
    lines: list[str], field: str, value: str
) -> None:
    passages = [
        Passage(source_id="s", file="c.txt", kind="text", text=line, locator=Locator(line=number))
        for number, line in enumerate(lines, start=1)
    ]
    found = [fact for fact in extract_facts(passages).facts if fact.field == field]
    assert found[-1].value == value
    assert found[-1].evidence.locator.line == 2


def test_a_figure_that_nothing_states_is_nobodys_correction() -> None:
    line = Passage(
        source_id="s", file="c.txt", kind="text", text="it's 8 not 9", locator=Locator(line=1)
    )
    assert extract_facts([line]).facts == []
