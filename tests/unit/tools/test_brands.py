import pytest

from domain.evidence import Evidence, Locator
from tools.brands import find_brand


def said(*sources: tuple[str, ...]) -> list[Evidence]:
    return [
        Evidence(source=f"s{n}", file=f"{n}.txt", quote=quote, locator=Locator(line=line))
        for n, lines in enumerate(sources)
        for line, quote in enumerate(lines, start=1)
    ]


@pytest.mark.parametrize(
    ("name", "sources", "brand"),
    [
        ("Kiln Mug", [("Kiln Mug – Emberlow Pottery", "It stacks"), ("by EMBERLOW",)], "Emberlow"),
        ("Sand Bowl", [("SALT & REED", "Sand Bowl"), ("Salt & Reed | Price list",)], "Salt & Reed"),
        ("栗屿桃酥礼盒", [("栗屿食品 年货报价",), ("产地：苏州栗屿食品有限公司",)], "栗屿"),
        ("栗屿 桃酥礼盒", [("栗屿 桃酥礼盒 500g",)], "栗屿"),
        ("Kiln Mug", [("Kiln Mug", "It stacks"), ("Kiln Mug on Friday",)], None),
        ("Kiln Mug", [("Price list 2026",), ("Price list 2027",)], None),
        ("Red Bowl", [("RED", "Red Bowl"), ("Red and blue",)], None),
    ],
)
def test_a_maker_is_told_by_where_its_name_stands(
    name: str, sources: list[tuple[str, ...]], brand: str | None
) -> None:
    found = find_brand(name, said(*sources))
    assert (found[0] if found else None) == brand
    if found:
        assert found[0].casefold() in found[1].quote.casefold()
