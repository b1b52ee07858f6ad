"""Price lists as people make them: titles, remarks, odd delimiters, stacked and paired tables."""

import time
from pathlib import Path

import pytest

from domain.errors import InvalidInput, LimitExceeded
from domain.evidence import Passage, Source
from domain.settings import Limits
from tests.fakes.reading import source_of, text_context
from tools.documents.tables import read_table


def read(tmp_path: Path, text: str | bytes, *, limits: Limits | None = None) -> list[Passage]:
    data = text.encode() if isinstance(text, str) else text
    path = tmp_path / "blob"
    path.write_bytes(data)
    source: Source = source_of("prices.csv", data)
    return read_table(source, path, text_context(limits))


def rows(passages: list[Passage]) -> list[tuple[int | None, dict[str, str]]]:
    return [(p.locator.row, p.cells) for p in passages if p.cells]


def outside(passages: list[Passage]) -> list[tuple[int | None, str, bool]]:
    return [(p.locator.row, p.text, p.heading) for p in passages if not p.cells]


def test_each_row_is_a_passage_with_its_cells(tmp_path: Path) -> None:
    text = 'Item,Note,Live price (CNY)\nMug,"wide, heavy",20\n\nBowl,,34\n'
    passages = read(tmp_path, text)
    assert rows(passages) == [
        (2, {"Item": "Mug", "Note": "wide, heavy", "Live price (CNY)": "20"}),
        (4, {"Item": "Bowl", "Live price (CNY)": "34"}),
    ]
    assert passages[0].text == 'Mug,"wide, heavy",20'
    assert {p.table for p in passages} == {1}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (("品名", "直播价"), ("杯", "20"), ("碗", "3")))
    assert rows(read(tmp_path, text))[0] == (2, {"品名": "杯", "直播价": "20"})


def test_a_declared_delimiter_and_decimal_commas(tmp_path: Path) -> None:
    expected = [(2, {"Item": "Mug", "Price": "19,90"}), (3, {"Item": "Bowl", "Price": "34,00"})]
    assert rows(read(tmp_path, "Item;Price\nMug;19,90\nBowl;34,00\n")) == expected
    declared = read(tmp_path, "sep=;\r\nItem;Price\r\nMug;19,90\r\nBowl;34,00\r\n")
    assert [cells for _, cells in rows(declared)] == [cells for _, cells in expected]
    assert not outside(declared)


def test_titles_and_remarks_are_kept_around_the_rows(tmp_path: Path) -> None:
    text = (
        "Dunnick trade prices,,\nValid from 1 June 2026,,\n,,\n"
        "Supplier,Dunnick Ltd,\n"
        "Product,Colour,Stream price\nRobot,Slate,279.00\nRobot,Fern,259.00\n"
        ",,\nPrices incl. VAT. Green ends in July.,,\n"
    )
    passages = read(tmp_path, text)
    assert [row for row, _ in rows(passages)] == [6, 7]
    assert outside(passages) == [
        (1, "Dunnick trade prices", True),
        (2, "Valid from 1 June 2026", True),
        (4, "Supplier,Dunnick Ltd,", False),
        (9, "Prices incl. VAT. Green ends in July.", False),
    ]


def test_a_heading_that_comes_again_is_no_row(tmp_path: Path) -> None:
    text = "品名,直播价\n杯,20\n品名,直播价\n碗,30\n"
    assert rows(read(tmp_path, text)) == [
        (2, {"品名": "杯", "直播价": "20"}),
        (4, {"品名": "碗", "直播价": "30"}),
    ]


def test_stacked_tables_have_their_own_headings(tmp_path: Path) -> None:
    text = "品名,直播价,库存\n杯,20,5\n\n赠品活动,,\n商品,赠品\n杯,杯刷一支\n"
    passages = read(tmp_path, text)
    assert rows(passages) == [
        (2, {"品名": "杯", "直播价": "20", "库存": "5"}),
        (6, {"商品": "杯", "赠品": "杯刷一支"}),
    ]
    assert [p.table for p in passages if p.cells] == [1, 2]
    assert outside(passages) == [(4, "赠品活动", True)]


def test_tables_side_by_side_are_told_apart(tmp_path: Path) -> None:
    text = "Item,Price,,Item,Price\nMug,20,,Tray,9\nBowl,34,,,\n"
    passages = read(tmp_path, text)
    found = [(p.table, p.cells) for p in passages]
    assert (1, {"Item": "Mug", "Price": "20"}) in found
    assert (1, {"Item": "Bowl", "Price": "34"}) in found
    assert (2, {"Item": "Tray", "Price": "9"}) in found
    assert len(found) == 3


def test_an_empty_column_parts_no_table(tmp_path: Path) -> None:
    assert rows(read(tmp_path, "Item,,Price,\nMug,,20,\n")) == [(2, {"Item": "Mug", "Price": "20"})]


@pytest.mark.parametrize("heading", ["", "Property,Value\n", "参数,说明\n"])
def test_properties_and_values(tmp_path: Path, heading: str) -> None:
    text = f"{heading}Brand,Emberlow\nNet weight,350 g\nMaterial,Stoneware\nGlaze,matte\n"
    found = [p.cells for p in read(tmp_path, text)]
    assert found == [
        {"property": "Brand", "value": "Emberlow"},
        {"property": "Net weight", "value": "350 g"},
        {"property": "Material", "value": "Stoneware"},
        {"property": "Glaze", "value": "matte"},
    ]


def test_two_pairs_in_a_row(tmp_path: Path) -> None:
    text = "品牌,栖桑,材质,桑蚕丝\n净重,500克,产地,浙江\n"
    passages = read(tmp_path, text)
    assert [tuple((p.cells or {}).values()) for p in passages] == [
        ("品牌", "栖桑"),
        ("材质", "桑蚕丝"),
        ("净重", "500克"),
        ("产地", "浙江"),
    ]
    assert all((p.cells or {})["value"] in p.text for p in passages)


def test_a_pair_with_escaped_quotes_says_its_value(tmp_path: Path) -> None:
    passages = read(tmp_path, 'Brand,Emberlow\nDiameter,"12"" plate"\nWeight,350 g\n')
    assert passages[1].cells == {"property": "Diameter", "value": '12" plate'}
    assert '12" plate' in passages[1].text


def test_a_chart_of_sizes_tells_each_property_size_by_size(tmp_path: Path) -> None:
    passages = read(tmp_path, "尺码,S,M,L\n胸围(cm),84,88,92\n衣长(cm),60,62,\n")
    assert [p.cells for p in passages] == [
        {"property": "尺码", "value": "S, M, L"},
        {"property": "胸围(cm)", "value": "S 84, M 88, L 92"},
        {"property": "衣长(cm)", "value": "S 60, M 62"},
    ]
    assert passages[1].text == "胸围(cm): S 84, M 88, L 92"


def test_a_name_holds_for_the_variants_below_it(tmp_path: Path) -> None:
    text = "品名,颜色,直播价\n杯,雾蓝,20\n,米白,22\n碗,,30\n"
    found = [cells.get("品名") for _, cells in rows(read(tmp_path, text))]
    assert found == ["杯", "杯", "碗"]


def test_a_row_without_a_variant_takes_no_name_from_above(tmp_path: Path) -> None:
    text = "品名,颜色,库存\n杯,雾蓝,20\n,,99\n碗,,3\n"
    assert [cells.get("品名") for _, cells in rows(read(tmp_path, text))] == ["杯", "碗"]
    assert (3, "99", False) in outside(read(tmp_path, text))


def test_ragged_rows_and_unnamed_columns(tmp_path: Path) -> None:
    text = "Item,Price,Price\nMug,20,18\nBowl,34\nTray,9,8,blue\n"
    assert [cells for _, cells in rows(read(tmp_path, text))] == [
        {"Item": "Mug", "Price": "20", "Price 3": "18"},
        {"Item": "Bowl", "Price": "34"},
        {"Item": "Tray", "Price": "9", "Price 3": "8", "column 4": "blue"},
    ]


def test_a_table_without_a_heading_names_columns_by_number(tmp_path: Path) -> None:
    assert rows(read(tmp_path, "Mug,20\nBowl,34\n")) == [
        (1, {"column 1": "Mug", "column 2": "20"}),
        (2, {"column 1": "Bowl", "column 2": "34"}),
    ]


def test_a_quoted_cell_may_span_lines(tmp_path: Path) -> None:
    passages = read(tmp_path, 'Item,Stock,Note\nMug,3,"two\nlines"\nBowl,4,x\n')
    assert [p.locator.row for p in passages] == [2, 3]
    assert passages[0].text == 'Mug,3,"two\nlines"'


def test_a_quote_that_is_never_closed_is_no_giant_cell(tmp_path: Path) -> None:
    text = 'Item,Price\nMug,"20\n' + "Bowl,34\n" * 60
    with pytest.raises(InvalidInput, match=r"prices\.csv.*line 2.*never closed"):
        read(tmp_path, text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    text = "品名,直播价\n保温杯,59\n"
    assert rows(read(tmp_path, text.encode(encoding))) == [(2, {"品名": "保温杯", "直播价": "59"})]


def test_limits_and_empty_tables(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded) as caught:
        read(tmp_path, "a,b\n" + "Mug,1\n" * 3, limits=Limits(table_rows=2))
    assert "LIVECUE_LIMITS__TABLE_ROWS" in caught.value.hint
    with pytest.raises(InvalidInput, match="no rows"):
        read(tmp_path, "Item,Price\n")


@pytest.mark.parametrize("between", ["\n", ",\n", ""])
def test_rows_that_might_be_pairs_are_read_at_once(tmp_path: Path, between: str) -> None:
    text = "".join(f"p{n},shelf {n % 9}\n{between}" for n in range(4000))
    start = time.perf_counter()
    assert len(rows(read(tmp_path, text))) == 3999
    assert time.perf_counter() - start < 3


def test_pairs_between_other_rows_are_found_where_they_begin(tmp_path: Path) -> None:
    text = "Robot,blue one\n\nKettle,red one\n\nMaterial,steel\nWeight,210 g\nBrand,Fjord\n"
    assert rows(read(tmp_path, text))[-2:] == [
        (6, {"property": "Weight", "value": "210 g"}),
        (7, {"property": "Brand", "value": "Fjord"}),
    ]


def test_columns_beyond_the_200th_stay_text(tmp_path: Path) -> None:
    heading = ",".join(f"Note {n}" for n in range(1, 301))
    passage = read(tmp_path, f"Item,Price,{heading}\nMug,20,{',x' * 300}\n")[-1]
    assert passage.cells
    assert len(passage.cells) == 199
    assert passage.text.count("x") == 300


def test_many_gaps_between_columns_cost_little(tmp_path: Path) -> None:
    text = "".join(",,".join(f"{n}.{i}" for i in range(100)) + "\n" for n in range(400))
    start = time.perf_counter()
    assert len(rows(read(tmp_path, text))) == 400
    assert time.perf_counter() - start < 1
