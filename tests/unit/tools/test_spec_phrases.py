"""Specs are said as a host says them, with the value as the record has it."""

import pytest

from domain.product import Fact
from tools.spec_phrases import say_spec, spoken_specs


def specs(**values: str) -> tuple[Fact, ...]:
    return tuple(
        Fact(field=f"specs.{name.replace('_', ' ')}", value=value) for name, value in values.items()
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("Weight", "210 g", "It weighs 210 g"),
        ("Weight", "1.35 kg in size M", "It weighs 1.35 kg in size M"),
        ("Height", "18 cm", "It's 18 cm high"),
        ("Heel height", "3.5 cm", "The heel height is 3.5 cm"),
        ("Capacity", "350 ml", "It holds 350 ml"),
        ("It holds", "120 kg", "It holds 120 kg"),
        ("Frets", "18", "It has 18 frets"),
        ("Smells like", "resin, wet heather", "It smells like resin, wet heather"),
        ("Fabric", "fabric 1,500 mm", "fabric 1,500 mm"),
        ("model", "Our model is 1.75 m tall", "Our model is 1.75 m tall"),
        ("Made in", "Portugal", "It's made in Portugal"),
        ("Made in", "Sewn in Porto, Portugal", "It's sewn in Porto, Portugal"),
        ("Origin", "Uva district, Sri Lanka", "It comes from Uva district, Sri Lanka"),
        ("Lining", "Cotton tartan in the body", "The lining is cotton tartan in the body"),
        ("Variety", "Caturra and Castillo", "As for the variety, Caturra and Castillo"),
        ("Dishwasher safe", "Yes", "Dishwasher safe? Yes"),
        ("Run time", "up to 140 min (quiet mode)", "It runs for up to 140 min (quiet mode)"),
        ("Battery", "5,200 mAh", "The battery is 5,200 mAh"),
        ("M", "50-66 cm", "Size M is 50-66 cm"),
        ("pH", "7.1", "The pH is 7.1"),
        ("Contains nuts", "Yes", "Contains nuts? Yes"),
        ("Storage", "256 GB", "The storage is 256 GB"),
        ("Volume", "85 dB", "The volume is 85 dB"),
        ("Capacity", "20,000 mAh", "The capacity is 20,000 mAh"),
        ("Dries", "2 hours", "It dries in 2 hours"),
        ("Bus", "5 m", "The bus is 5 m"),
        ("Origin", "Grown in Kenya", "It's grown in Kenya"),
        ("In the box", "robot and dock", "In the box you'll find robot and dock"),
    ],
)
def test_an_english_spec_is_a_sentence(name: str, value: str, said: str) -> None:
    assert say_spec(name, value, "en", 0) == said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("重量", "210克", "重量210克"),
        ("容量", "5L", "能装5L"),
        ("可视窗", "有", "带可视窗"),
        ("香精", "无", "没有香精"),
        ("可水洗", "否", "不可水洗"),
        ("可水洗", "是", "可水洗"),
        ("含坚果", "是", "含坚果"),
        ("含坚果", "无", "不含坚果"),
        ("电磁炉可用", "是", "电磁炉可用"),
        ("是否进口", "是", "是否进口：是"),
        ("无线充电", "不支持", "不支持无线充电"),
        ("容量", "256GB", "容量256GB"),
        ("产地", "山东潍坊", "产地是山东潍坊"),
        ("面料", "60支长绒棉贡缎", "面料是60支长绒棉贡缎"),
        ("组合", "被套1、床单1、枕套2", "一套有被套1、床单1、枕套2"),
        ("每罐", "每罐160克", "每罐160克"),
        ("续航", "约10小时（50%音量）", "续航约10小时（50%音量）"),
    ],
)
def test_a_chinese_spec_is_a_clause(name: str, value: str, said: str) -> None:
    assert say_spec(name, value, "zh", 0) == said


def test_a_range_in_kilometres_is_no_time_of_use() -> None:
    said = {say_spec("续航", "500公里", "zh", turn) for turn in range(4)}
    assert said == {"续航500公里"}


def test_wordings_change_and_the_value_stays() -> None:
    said = {say_spec("Weight", "210 g", "en", turn) for turn in range(6)}
    assert len(said) > 2
    assert all("210 g" in words for words in said)


def test_what_is_on_paper_only_or_told_elsewhere_is_not_said() -> None:
    known = specs(
        SKU="HN-090", Model="DP2-26", Weight="3.1 kg", Suction="4,500 Pa", 备案人="广州岑露"
    )
    point = Fact(field="selling_points[0]", value="A suction of 4,500 Pa lifts crumbs")
    assert [fact.value for fact in spoken_specs(known, (point,))] == ["3.1 kg"]


def test_a_yes_that_a_point_tells_is_not_said_again() -> None:
    point = Fact(field="selling_points[0]", value="带可视窗，不用拉开就看得到火候")
    assert spoken_specs(specs(可视窗="有", 定时="有"), (point,)) == specs(定时="有")


def test_a_figure_of_another_property_is_not_the_specs() -> None:
    point = Fact(field="selling_points[0]", value="Holds 500 g of flour")
    assert len(spoken_specs(specs(Weight="500 g"), (point,))) == 1


def test_a_number_within_another_is_not_told() -> None:
    point = Fact(field="selling_points[0]", value="Keeps tea hot for 118 g of leaves")
    assert len(spoken_specs(specs(Weight="18 g"), (point,))) == 1
