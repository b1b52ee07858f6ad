"""What a script tells, and that no two sound alike."""

import pytest

from domain.copywriting import CommentAnswer, CopyBrief, CopyDraft, LineProblem
from domain.product import ProductDocument, ProductRecord, Variants
from tests.fakes.copywriting import BROKEN, copywriter, draft_without_model
from tests.fakes.products import CUP, MUG, document_of

WARNED = MUG.model_copy(
    update={"warnings": ["Hand wash the lid", "Not for the oven", "Contains nuts: not under 3"]}
)
CAUTIONED = CUP.model_copy(
    update={"warnings": ["请手洗杯盖", "不可放入微波炉", "3岁以下儿童请勿单独使用"]}
)


def told(draft: CopyDraft, topic: str) -> list[str]:
    return [field for line in draft.lines if line.topic == topic for field in line.facts]


async def written(document: ProductDocument, brief: CopyBrief, *, sample: int = 0) -> CopyDraft:
    agent, _ = copywriter(*[BROKEN] * 80)
    return await agent.write(document, brief, sample=sample)


@pytest.mark.parametrize("record", [WARNED, CAUTIONED], ids=["en", "zh"])
async def test_a_minute_tells_the_gravest_warning_before_the_price(record: ProductRecord) -> None:
    draft = await draft_without_model(record, CopyBrief(seconds=60))
    assert told(draft, "warning")[0] == "warnings[2]"
    assert draft.text.index(record.warnings[2][1:]) < draft.text.index(
        "199" if record is CAUTIONED else "19.90"
    )


@pytest.mark.parametrize("record", [WARNED, CAUTIONED], ids=["en", "zh"])
async def test_three_minutes_tell_use_warnings_delivery_and_returns(record: ProductRecord) -> None:
    draft = await draft_without_model(record, CopyBrief(seconds=180))
    assert told(draft, "warning") == ["warnings[2]", "warnings[1]", "warnings[0]"]
    assert told(draft, "usage") == ["usage[0]"]
    assert told(draft, "shipping") == ["shipping"]
    assert told(draft, "after_sales") == ["returns_warranty[0]"]
    assert len({line.text for line in draft.lines}) == len(draft.lines)


async def test_a_page_has_the_gravest_warning() -> None:
    draft = await draft_without_model(WARNED, CopyBrief(kind="bullets"))
    assert "• Please note: Contains nuts: not under 3" in draft.text
    assert "Not for the oven" not in draft.text


async def test_a_reply_is_its_answers_and_nothing_else() -> None:
    agent, model = copywriter(*[BROKEN] * 20)
    brief = CopyBrief(kind="reply", comment="can it go in the oven?")
    answer = CommentAnswer(text="No. Note: Not for the oven.", facts=["warnings[1]"])
    draft = await agent.write(document_of(WARNED), brief, answers=[answer])
    assert draft.text == answer.text
    assert told(draft, "answer") == ["warnings[1]"]
    assert not model.asked
    again = await agent.write(document_of(WARNED), brief, sample=1, answers=[answer])
    assert again.text.endswith(answer.text)
    assert again.text != answer.text


async def test_an_answer_that_a_rule_objects_to_gives_way_to_a_promise() -> None:
    agent, _ = copywriter(*[BROKEN] * 20)
    brief = CopyBrief(kind="reply", comment="does it cure acne?")
    answer = CommentAnswer(text="Highlights: cures acne.", facts=["selling_points[0]"])
    draft = await agent.write(document_of(WARNED), brief, answers=[answer])
    problem = LineProblem(line=0, quote="cures acne", reason="rule us.disease")
    mended = await agent.repair(document_of(WARNED), draft, [problem])
    assert "check and get back to you" in mended.text
    assert told(mended, "answer") == []


async def test_a_colour_that_is_sold_out_in_one_size_is_not_offered_in_it() -> None:
    variants = Variants(
        sizes=["350 ml", "480 ml"],
        colours=["Moss", "Chalk"],
        stock={"Moss 350 ml": 4, "Moss 480 ml": 1, "Chalk 350 ml": 2, "Chalk 480 ml": 0},
    )
    record = MUG.model_copy(update={"variants": variants, "selling_points": ["Stackable"]})
    spoken = await draft_without_model(record, CopyBrief(seconds=180))
    listed = await draft_without_model(record, CopyBrief(kind="bullets"))
    for draft in (spoken, listed):
        [line] = [line for line in draft.lines if line.topic == "colours"]
        assert "Chalk 480 ml" in line.text
        assert "variants.stock.Chalk 480 ml" in line.facts


async def test_a_colour_that_is_not_made_in_every_size_is_not_offered_in_it() -> None:
    variants = Variants(
        sizes=["150×200cm", "200×230cm"],
        colours=["雾蓝", "藕粉"],
        stock={"雾蓝 150×200cm": 4, "雾蓝 200×230cm": 1, "藕粉 150×200cm": 2},
    )
    record = CUP.model_copy(update={"variants": variants, "selling_points": ["不板结"]})
    for brief in (CopyBrief(seconds=180), CopyBrief(kind="bullets")):
        draft = await draft_without_model(record, brief)
        [line] = [line for line in draft.lines if line.topic == "colours"]
        assert "藕粉 150×200cm" in line.text
        assert "雾蓝 150×200cm" not in line.text
    vague = variants.model_copy(update={"stock": {"雾蓝": 4, "藕粉 150×200cm": 2}})
    record = record.model_copy(update={"variants": vague})
    told = (await draft_without_model(record, CopyBrief(seconds=180))).text
    assert "藕粉 150×200cm" not in told, "nobody knows in which sizes the other one comes"


async def test_what_holds_for_one_size_is_said_of_it_alone() -> None:
    spoken = await draft_without_model(MUG, CopyBrief(seconds=180))
    [line] = [line for line in spoken.lines if "specs.Weight" in line.facts]
    assert "350 ml" in line.text
    assert "variants.sizes[0]" in line.facts
    listed = await draft_without_model(MUG, CopyBrief(kind="bullets"))
    assert "• Weight (350 ml): 210 g" in listed.text
    one = MUG.model_copy(update={"variants": Variants(sizes=["350 ml"])})
    assert "• Weight: 210 g" in (await draft_without_model(one, CopyBrief(kind="bullets"))).text


async def test_a_short_list_keeps_the_gravest_warning() -> None:
    draft = await draft_without_model(WARNED, CopyBrief(kind="bullets", platform="amazon"))
    assert len(draft.lines) == 5
    assert "Contains nuts" in draft.lines[-1].text


@pytest.mark.parametrize("record", [MUG, CUP], ids=["en", "zh"])
async def test_titles_of_variants_differ(record: ProductRecord) -> None:
    brief = CopyBrief(kind="title")
    titles = [(await draft_without_model(record, brief, sample=n)).text for n in range(3)]
    assert len(set(titles)) == 3
    assert all(title.startswith(record.name or "") for title in titles)


@pytest.mark.parametrize("record", [MUG, CUP], ids=["en", "zh"])
async def test_products_do_not_open_and_close_alike(record: ProductRecord) -> None:
    drafts = [
        await written(document_of(record).model_copy(update={"product_id": f"p-{n}"}), CopyBrief())
        for n in range(12)
    ]
    for topic in ("opening", "closing", "price"):
        said = {line.text for draft in drafts for line in draft.lines if line.topic == topic}
        assert len(said) >= 4, topic
    assert (await written(document_of(record), CopyBrief())).text == (
        await written(document_of(record), CopyBrief())
    ).text


@pytest.mark.parametrize("record", [MUG, CUP], ids=["en", "zh"])
async def test_variants_differ_in_every_part(record: ProductRecord) -> None:
    first, second = [
        await written(document_of(record), CopyBrief(), sample=sample) for sample in (0, 1)
    ]
    for topic in ("opening", "point", "price", "closing"):
        lines = [next(x.text for x in d.lines if x.topic == topic) for d in (first, second)]
        assert lines[0] != lines[1], topic


async def test_a_question_to_viewers_is_followed_by_what_answers_it() -> None:
    asked: list[bool] = []
    for number in range(8):
        document = document_of(MUG).model_copy(update={"product_id": f"p-{number}"})
        draft = await written(document, CopyBrief(seconds=120))
        question = told(draft, "trouble")
        asked.append(bool(question))
        assert question == told(draft, "point")[: len(question)]
    assert any(asked)


async def test_a_greeting_names_only_what_the_record_has() -> None:
    record = ProductRecord(name="Oak Stool", selling_points=["Solid oak"])
    for number in range(12):
        document = document_of(record).model_copy(update={"product_id": f"p-{number}"})
        draft = await written(document, CopyBrief(seconds=30))
        assert draft.lines[0].facts == ["name"]
        assert "{" not in draft.text


async def test_a_brand_that_the_greeting_names_is_not_said_again() -> None:
    record = ProductRecord(name="Oak Stool", brand="Hallam", selling_points=["Solid oak"])
    for number in range(12):
        document = document_of(record).model_copy(update={"product_id": f"p-{number}"})
        assert (await written(document, CopyBrief())).text.count("Hallam") == 1


async def test_a_sentence_of_the_model_starts_with_a_large_letter() -> None:
    agent, _ = copywriter("Drinks stay hot for 12 hours. it's double-wall vacuum insulation.")
    draft = await agent.write(document_of(MUG), CopyBrief(kind="short_video", seconds=15))
    assert "12 hours. It's double-wall vacuum insulation." in draft.text
