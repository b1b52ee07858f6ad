from domain.evidence import Passage
from tests.fakes.passages import table_rows
from tools.extraction import extract_facts


def facts(passages: list[Passage], field: str) -> list[tuple[str | None, str, str | None]]:
    found = extract_facts(passages).facts
    return [(fact.key, fact.value, fact.product) for fact in found if fact.field == field]


def test_goods_set_side_by_side_are_read_column_by_column() -> None:
    table = table_rows(
        ["column 1", "Ash Pan", "Oak Pan"],
        ["Weight", "1.2 kg", "1.6 kg"],
        ["Material", "carbon steel", "cast iron"],
        ["Suits", "campers", "—"],
    )
    assert facts(table, "name") == [(None, "Ash Pan", "Ash Pan"), (None, "Oak Pan", "Oak Pan")]
    assert facts(table, "specs")[:2] == [
        ("Weight", "1.2 kg", "Ash Pan"),
        ("Weight", "1.6 kg", "Oak Pan"),
    ]
    assert facts(table, "materials") == [
        (None, "carbon steel", "Ash Pan"),
        (None, "cast iron", "Oak Pan"),
    ]


def test_counts_by_colour_and_size_are_stock() -> None:
    table = table_rows(["column 1", "S", "M", "L"], ["Navy", "9", "22", "0"])
    assert facts(table, "stock") == [
        ("Navy S", "9", None),
        ("Navy M", "22", None),
        ("Navy L", "0", None),
    ]


def test_a_name_may_take_several_columns() -> None:
    table = table_rows(
        ["Line", "Model", "Colour", "Live price (USD)"],
        ["Corran", "Gooseneck Kettle", "Slate", "54.5"],
        ["Corran", "Stovetop Kettle", "Slate", "43.75"],
    )
    products = {product for _, _, product in facts(table, "live_price")}
    assert products == {"Corran Gooseneck Kettle", "Corran Stovetop Kettle"}


def test_a_code_stands_for_goods_that_another_table_names() -> None:
    named = table_rows(["Code", "Product"], ["RH-201", "Bright Serum"], ["RH-220", "Night Cream"])
    gifts = table_rows(["Code", "Gift"], ["RH-220", "one box of cotton pads"], table=2)
    assert facts([*named, *gifts], "promotion") == [(None, "one box of cotton pads", "Night Cream")]


def test_of_prices_in_several_currencies_those_of_the_live_price_count() -> None:
    table = table_rows(
        ["Product", "USD RRP", "GBP RRP", "GBP live"], ["Tarn Daypack", "110", "85", "69"]
    )
    assert facts(table, "list_price") == [(None, "85", "Tarn Daypack")]
