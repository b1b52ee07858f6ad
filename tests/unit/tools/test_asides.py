"""Questions that name a colour or size and want to know something else."""

import pytest

from domain.product import ProductDocument, ProductRecord, ProductStatus, Variants
from tools.questions.asides import asks_beside
from tools.questions.colour_names import colours_of
from tools.questions.reading import QuestionReading
from tools.questions.variants import decide_variant


def document(*colours: str, sizes: tuple[str, ...] = ("80厘米", "120厘米")) -> ProductDocument:
    variants = Variants(colours=list(colours), sizes=list(sizes), stock={})
    record = ProductRecord(name="Torvy Whirl", category="blender", variants=variants)
    return ProductDocument(
        product_id="p", version=1, status=ProductStatus.PUBLISHED, record=record, evidence={}
    )


@pytest.mark.parametrize(
    ("question", "beside"),
    [
        ("does peach look orange in person?", True),
        ("阔腿裤白色会不会透", True),
        ("一米的放得下电脑显示器吗", True),
        ("do you have it in peach", False),
        ("any peach left", False),
        ("有没有白色", False),
        ("white one pls", False),
        ("what colours are there", False),
    ],
)
def test_what_is_asked_beside_a_variant(question: str, beside: bool):
    assert asks_beside(QuestionReading(question), document("Fog", "Peach")) is beside


@pytest.mark.parametrize(
    ("value", "concept"),
    [("Basil", "green"), ("Peat", "brown"), ("Navy", "blue"), ("松针", "green"), ("草绿", "green")],
)
def test_colours_by_the_name_of_a_thing(value: str, concept: str):
    assert concept in colours_of(value)


def test_a_name_that_tells_no_colour_has_none():
    assert colours_of("Zephyr") == frozenset()


@pytest.mark.parametrize(
    ("question", "colours", "polarity"),
    [
        ("do you have the green one", ("Fog", "Basil"), True),
        ("深绿的有吗", ("雾蓝", "草绿"), True),
        ("do you have it in purple", ("Fog", "Basil"), False),
    ],
)
def test_a_colour_is_found_under_its_other_name(
    question: str, colours: tuple[str, ...], polarity: bool
):
    decision = decide_variant(QuestionReading(question), document(*colours))
    assert decision is not None
    assert decision.polarity is polarity
