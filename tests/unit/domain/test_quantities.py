from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codes import find_codes
from domain.quantities import Quantity, find_quantities, same_quantity, with_unit


def one(text: str) -> Quantity:
    found = find_quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit", "dimension"),
    [
        ("350 ml", "350", "ml", "volume"),
        ("350毫升", "350", "ml", "volume"),
        ("12 fl oz", "12", "fl oz", "volume"),
        ("3千克", "3", "kg", "mass"),
        ("三两", "3", "两", "mass"),
        ("半斤", "0.5", "斤", "mass"),
        ("一斤半", "1.5", "斤", "mass"),
        ("500G装", "500", "g", "mass"),
        ("half a pound", "0.5", "lb", "mass"),
        ("1 1/2 inch", "1.5", "in", "length"),
        ('6" plate', "6", "in", "length"),
        ("$19.9", "19.9", "USD", "currency:USD"),
        ("¥199", "199", "CNY", "currency:CNY"),
        ("１９９元", "199", "CNY", "currency:CNY"),
        ("19块9", "19.9", "CNY", "currency:CNY"),
        ("九块九", "9.9", "CNY", "currency:CNY"),
        ("一百二十八块", "128", "CNY", "currency:CNY"),
        ("USD 1,299.00", "1299.00", "USD", "currency:USD"),
        ("30 %", "30", "%", "percent"),
        ("百分之三十", "30", "%", "percent"),
        ("三成", "30", "%", "percent"),
        ("8折", "20", "%", "discount"),
        ("八五折", "15", "%", "discount"),
        ("20% off", "20", "%", "discount"),
        ("三十天", "30", "day", "time"),
        ("30-day returns", "30", "day", "time"),
        ("一个半小时", "1.5", "h", "time"),
        ("twenty-five hours", "25", "h", "time"),
        ("两年半", "2.5", "year", "calendar"),
        ("半个月", "0.5", "month", "calendar"),
        ("10000mAh", "10000", "mAh", "charge"),
        ("零下18度", "-18", "C", "temperature"),
        ("37码", "37", "码", "size"),
        ("1.5万件", "15000", "pcs", "count"),
        ("five colours", "5", "pcs", "count"),
        ("两百五", "250", None, None),
        ("一万两千", "12000", None, None),
        ("a hundred", "100", None, None),
        ("8pm", "1200", "24h", "clock"),
        ("晚上8点半", "1230", "24h", "clock"),
        ("12:30", "750", "12h", "clock"),
        ("2025年6月18日", "20250618", "date", "date"),
        ("June 18", "618", "date", "date"),
    ],
)
def test_a_quantity_is_read(text: str, value: str, unit: str | None, dimension: str | None):
    found = one(text)
    assert (found.value, found.unit, found.dimension) == (Decimal(value), unit, dimension)


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("5-7 days", ["5", "7"], "day"),
        ("5到7天", ["5", "7"], "day"),
        ("3到5个工作日内", ["3", "5"], "business day"),
        ("$10-20", ["10", "20"], "USD"),
        ("10-20元", ["10", "20"], "CNY"),
        ("20 x 30 x 5 cm", ["20", "30", "5"], "cm"),
        ("W30 x H40 cm", ["30", "40"], "cm"),
    ],
)
def test_ranges_and_sizes_share_their_unit(text: str, values: list[str], unit: str):
    found = find_quantities(text)
    assert [str(q.value) for q in found] == values
    assert {q.unit for q in found} == {unit}


@pytest.mark.parametrize(
    "text",
    ["A7-200", "GB/T 3532-2018", "SPF50+", "2XL", "5G network", "第3代", "1080P",
     "一定十分好用", "千万不要", "万一", "第一", "one of them", "大一点"],
)  # fmt: skip
def test_words_codes_and_ordinals_are_no_quantity(text: str):
    assert find_quantities(text) == []


@pytest.mark.parametrize("text", ["2 in 1", "5 in stock", "满300减50", "3 x AA", "size 37"])
def test_a_bare_number_gets_no_unit_by_accident(text: str):
    assert {q.unit for q in find_quantities(text)} == {None}


def test_codes_are_found_whole():
    codes = [code.text for code in find_codes("型号A7-200，执行GB/T 3532，SPF50+")]
    assert codes == ["A7-200", "GB/T 3532", "SPF50+"]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("0.35 l", "350毫升"),
        ("半斤", "250 g"),
        ("12 fl oz", "355 ml"),
        ("24 hours", "1 day"),
        ("一年", "12个月"),
        ("19块9", "¥19.90"),
        ("$5", "HK$5"),
        ("37码", "37"),
        ("3 pairs", "3件"),
        ("8折", "20% off"),
        ("12:30", "下午12点半"),
        ("6月18日", "2026-06-18"),
        ("32 °F", "0℃"),
    ],
)
def test_the_same_in_other_units(a: str, b: str):
    assert same_quantity(one(a), one(b))
    assert same_quantity(one(b), one(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("350 ml", "360 ml"),
        ("350 ml", "350 g"),
        ("350", "350 ml"),
        ("12 oz", "350 g"),
        ("$19.9", "19.9元"),
        ("30 days", "1 month"),
        ("5 days", "5 business days"),
        ("8am", "8pm"),
        ("20%", "20"),
    ],
)
def test_what_is_not_the_same(a: str, b: str):
    assert not same_quantity(one(a), one(b))


def test_a_bare_number_takes_a_unit():
    price = with_unit(one("19.90"), "USD")
    assert price is not None
    assert same_quantity(price, one("$19.9"))
    assert with_unit(one("19.90"), "not a unit") is None


@given(st.text(max_size=60))
def test_any_text_is_read_and_spans_point_into_it(text: str):
    for quantity in find_quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text


@given(
    st.decimals(min_value=1, max_value=99999, places=2),
    st.sampled_from([("kg", "千克", 1000), ("l", "升", 1000), ("m", "米", 1000)]),
)
def test_conversion_keeps_the_amount(amount: Decimal, units: tuple[str, str, int]):
    latin, han, factor = units
    base = one(f"{amount} {latin}")
    assert base.base == amount * factor
    assert same_quantity(base, one(f"{amount}{han}"))
