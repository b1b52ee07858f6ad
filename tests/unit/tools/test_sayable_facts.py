"""What may be sold, and what has to be told of harm."""

import pytest

from domain.copywriting import CopyBrief
from domain.product import ProductRecord, Variants
from tests.fakes.copywriting import draft_without_model
from tests.fakes.products import CUP, MUG, document_of
from tools.copy_plan import plan_copy
from tools.sayable_facts import SayableFacts, is_grave


@pytest.mark.parametrize(
    ("colours", "stock", "offered"),
    [
        (["White", "Cream White"], {"White": 0, "Cream White": 12}, ["Cream White"]),
        (["红", "酒红"], {"红": 0, "酒红": 5}, ["酒红"]),
        (["苔绿", "白"], {"苔绿M": 0, "苔绿L": 0, "白M": 1}, ["白"]),
    ],
)
def test_a_colour_sold_out_is_not_offered(
    colours: list[str], stock: dict[str, int], offered: list[str]
) -> None:
    variants = Variants(colours=colours, sizes=["M", "L"], stock=stock)
    document = document_of(ProductRecord(name="Tee", variants=variants))
    assert [f.value for f in SayableFacts(document).under("variants.colours")] == offered


@pytest.mark.parametrize(
    "warning",
    ["Poisonous", "Flammable", "Risk of suffocation", "Toxic to cats", "Causes eye irritation",
     "Keep out of reach of kids", "Not under 3", "Not for children under 36 months", "有毒",
     "请勿食用", "易燃", "勿直视", "Contains nuts"],
)  # fmt: skip
def test_what_may_harm_is_grave(warning: str) -> None:
    assert is_grave(warning)


@pytest.mark.parametrize(
    "warning",
    ["Wash under 30°C", "Box contains no batteries", "Milk-white colour varies", "适用人群：上班族",
     "Non-toxic paint may fade", "可低温熨烫", "Hand wash the lid"],
)  # fmt: skip
def test_what_harms_nobody_is_not(warning: str) -> None:
    assert not is_grave(warning)


@pytest.mark.parametrize(("seconds", "ranks"), [(30, [1, 7]), (40, [1, 1])])
def test_one_grave_warning_comes_first_in_little_time_and_each_in_more(
    seconds: int, ranks: list[int]
) -> None:
    record = MUG.model_copy(update={"warnings": ["Flammable", "Toxic to cats"]})
    plan = plan_copy(document_of(record), CopyBrief(seconds=seconds))
    assert [beat.rank for beat in plan.beats if beat.topic == "warning"] == ranks


@pytest.mark.parametrize("record", [MUG, CUP], ids=["en", "zh"])
async def test_amounts_to_choose_from_are_not_added_up(record: ProductRecord) -> None:
    choice = record.model_copy(update={"variants": Variants(sizes=["500 g", "1 kg"])})
    for sample in range(6):
        draft = await draft_without_model(choice, CopyBrief(seconds=180), sample=sample)
        (line,) = [x.text for x in draft.lines if x.topic == "sizes"]
        assert "500 g" in line or "500克" in line
        if record is MUG:
            assert "pack" not in line.lower()
            assert " or 1 kg" in line or "choose between" in line
        else:
            assert "选" in line or "挑" in line or "可以拍" in line
