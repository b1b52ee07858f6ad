"""The copywriter: what a model writes stays only where the record says the same."""

import re

import pytest

from domain.compliance import Finding
from domain.copywriting import CopyBrief, CopyDraft, LineProblem
from domain.errors import InvalidInput, StateConflict
from domain.product import Conflict, ProductDocument, ProductRecord
from tests.fakes.copywriting import BROKEN, copywriter, draft_without_model, finished
from tests.fakes.products import CUP, MUG, document_of
from tools.copy_checks import locate_findings
from tools.copy_platforms import find_jurisdictions
from tools.grounding import find_unsupported
from tools.line_checks import covers

SHORT = CopyBrief(kind="short_video", seconds=15)


def point(draft: CopyDraft) -> tuple[str, str]:
    line = next(line for line in draft.lines if line.topic == "point")
    return line.text, line.origin


async def test_a_line_that_holds_is_the_models() -> None:
    said = "Drinks stay hot for 12 hours. It's double-wall vacuum insulation that keeps them hot."
    agent, model = copywriter(said)
    draft = await agent.write(document_of(MUG), SHORT)
    assert point(draft) == (said, "model")
    assert draft.removals == []
    assert draft.model == "scripted"
    assert len(model.asked) == 1
    assert draft.prompts[0].startswith("copywriter/line_en@")


async def test_praise_behind_the_fact_is_cut() -> None:
    agent, model = copywriter("双层真空，保温12小时，送礼自用都完美。")
    draft = await agent.write(document_of(CUP), SHORT)
    assert point(draft) == ("双层真空，保温12小时。", "repaired")
    assert draft.removals[0].text == "双层真空，保温12小时，送礼自用都完美。"
    assert draft.removals[0].replacement == "双层真空，保温12小时。"
    assert len(model.asked) == 1


async def test_where_the_model_gives_no_line_nothing_is_taken_out() -> None:
    draft = await draft_without_model(MUG, SHORT)
    assert point(draft)[1] == "record"
    assert draft.removals == []


async def test_a_failing_line_is_repaired_by_the_model() -> None:
    agent, model = copywriter(
        "Keeps your coffee steaming for 24 hours",
        "Double-wall vacuum insulation. It keeps drinks hot for 12 hours.",
    )
    draft = await agent.write(document_of(MUG), SHORT)
    assert point(draft)[1] == "repaired"
    assert "24" in draft.removals[0].reason
    assert "24" in model.asked[1].messages[-1]["content"]


@pytest.mark.parametrize(
    "line",
    [
        "Double-wall vacuum insulation keeps drinks hot for 24 hours",
        "Double-wall vacuum insulation keeps drinks hot for 12 hours and is made of titanium",
        "Double-wall vacuum insulation keeps drinks hot for 12 hours, with a free gift",
        "Double-wall vacuum insulation doesn't keep drinks hot for 12 hours",
        "双层真空，保温12小时",
        "Look at the seams here. Stitched, no glue.",
        "Let me show you this mug",
        "",
    ],
)
async def test_a_line_that_never_holds_is_composed_from_the_record(line: str) -> None:
    agent, model = copywriter(line, line, line)
    draft = await agent.write(document_of(MUG), SHORT)
    text, origin = point(draft)
    assert origin in ("record", "repaired")
    assert "hot for 12 hours" in text
    for word in ("24", "titanium", "gift", "doesn't", "seams", "双"):
        assert word not in draft.text
    assert len(model.asked) <= 3


async def test_repairs_are_bounded_by_the_setting() -> None:
    agent, model = copywriter("It glows", repairs=0)
    draft = await agent.write(document_of(MUG), SHORT)
    assert point(draft)[1] == "record"
    assert len(model.asked) == 1


@pytest.mark.parametrize("kind", ["script", "bullets", "title"])
@pytest.mark.parametrize("record", [MUG, CUP], ids=["en", "zh"])
async def test_composed_lines_hold_against_their_own_facts(
    record: ProductRecord, kind: str
) -> None:
    document = document_of(record)
    brief = CopyBrief.model_validate({"kind": kind, "seconds": 180})
    draft = await draft_without_model(record, brief)
    facts = {fact.field: fact for fact in document.facts()}
    named = [facts[field] for field in ("name", "brand", "category")]
    for line in draft.lines:
        own = [facts[path] for path in line.facts]
        assert find_unsupported(line.text, [*own, *named]) == [], line
        assert line.topic == "chat" or own


@pytest.mark.parametrize("record", [MUG, CUP], ids=["en", "zh"])
async def test_every_selling_point_is_said_in_a_minute(record: ProductRecord) -> None:
    document = document_of(record)
    draft = await draft_without_model(record, CopyBrief())
    points = [f for f in document.facts() if f.field.startswith("selling_points")]
    said = [f for f in points if any(covers(line.text, f, draft.lang) for line in draft.lines)]
    assert len(said) >= 0.8 * len(points)
    assert said[0] == points[0]


async def test_no_two_lines_are_the_same_and_the_sections_stand_in_order() -> None:
    copy = await finished(await draft_without_model(CUP, CopyBrief(seconds=120)), CUP)
    names = [section.name for section in copy.sections]
    assert names == ["hook", "pain_point", "selling_points", "proof", "offer", "call_to_action"]
    assert copy.text == "\n\n".join(section.text for section in copy.sections)
    draft = await draft_without_model(MUG, CopyBrief(seconds=120))
    assert len({line.text for line in draft.lines}) == len(draft.lines)


async def test_a_section_without_facts_is_not_there() -> None:
    draft = await draft_without_model(ProductRecord(name="Oak Stool"), CopyBrief(seconds=30))
    assert {line.section for line in draft.lines} == {"hook", "call_to_action"}


async def test_a_fact_in_open_conflict_is_not_said() -> None:
    document = document_of(MUG).model_copy(
        update={"conflicts": [Conflict(field="live_price", values=[])]}
    )
    agent, _ = copywriter(*[BROKEN] * 20)
    draft = await agent.write(document, CopyBrief())
    assert "19.90" not in draft.text
    assert "$29.90" in draft.text


async def test_a_sold_out_colour_is_not_offered() -> None:
    draft = await draft_without_model(MUG, CopyBrief(kind="bullets"))
    draft_long = await draft_without_model(MUG, CopyBrief(seconds=180))
    assert "Moss Green" not in draft.text + draft_long.text
    assert "Cream White" in draft_long.text


async def test_bullets_and_title_have_their_form() -> None:
    bullets = await draft_without_model(CUP, CopyBrief(kind="bullets"))
    assert all(row.startswith("• ") for row in bullets.text.split("\n"))
    assert "• 材质：304不锈钢" in bullets.text
    title = await draft_without_model(MUG, CopyBrief(kind="title"))
    assert title.text.startswith("Fjord Thermal Mug, ")
    assert len(title.text) <= 60


async def test_composed_lines_read_as_a_host_speaks() -> None:
    record = ProductRecord(
        name="Tarn Daypack",
        selling_points=["Swallows a 15-inch laptop", "A side zip, so you never unpack the lot"],
        certifications=["2023010717500321"],
    )
    text = (await draft_without_model(record, CopyBrief())).text
    assert re.search(r"\b[iI]t swallows a 15-inch laptop\.", text)
    assert re.search(r"(?:: a|\? A) side zip, so", text)
    assert re.search(r"\b[nN]umber 2023010717500321", text)


async def test_a_mere_name_is_not_put_in_brackets() -> None:
    record = CUP.model_copy(update={"certifications": ["GB 18401 C类", "Rainforest Alliance"]})
    text = (await draft_without_model(record, CopyBrief(lang="zh", seconds=120))).text
    assert "GB 18401 C类、Rainforest Alliance" in text


def test_the_rules_are_those_of_the_platforms_country() -> None:
    assert find_jurisdictions(CopyBrief(platform="天猫")) == ["CN", "platform"]
    assert find_jurisdictions(CopyBrief(platform="天猫", jurisdictions=["US"])) == ["US"]
    assert find_jurisdictions(CopyBrief(platform="Etsy")) is None


async def test_tone_and_persona_reach_the_model() -> None:
    agent, model = copywriter(*[BROKEN] * 20)
    brief = CopyBrief(seconds=20, tone="as a pirate", persona="a retired captain")
    await agent.write(document_of(MUG), brief)
    asked = model.asked[0].messages[-1]["content"]
    assert "as a pirate" in asked
    assert "a retired captain" in asked


async def test_variants_start_from_different_selling_points() -> None:
    first = await draft_without_model(MUG, SHORT)
    second = await draft_without_model(MUG, SHORT, sample=1)
    assert point(first) != point(second)
    assert first.lines[0].text != second.lines[0].text


async def test_closed_terms_cross_the_language_and_prices_are_said_in_it() -> None:
    agent, _ = copywriter(*[BROKEN] * 80)
    draft = await agent.write(document_of(MUG), CopyBrief(lang="zh", seconds=120))
    assert draft.lang == "zh"
    assert "标价29.9美元" in draft.text
    assert "18/8 stainless steel" not in draft.text.replace("(18/8 stainless steel)", "")


async def test_a_translation_is_used_only_when_its_numbers_hold() -> None:
    record = ProductRecord(name="Fjord", selling_points=["Keeps drinks hot for 12 hours"])
    brief = CopyBrief(kind="bullets", lang="zh")
    good, _ = copywriter("热饮保温12小时")
    assert "热饮保温12小时" in (await good.write(document_of(record), brief)).text
    bad, _ = copywriter("热饮保温24小时")
    draft = await bad.write(document_of(record), brief)
    assert draft.text == "• (Keeps drinks hot for 12 hours)"
    assert draft.translations == {}


async def test_a_model_that_is_not_to_translate_is_not_asked() -> None:
    record = ProductRecord(name="Fjord", selling_points=["Keeps drinks hot for 12 hours"])
    agent, model = copywriter("热饮保温12小时", translates=False)
    draft = await agent.write(document_of(record), CopyBrief(kind="bullets", lang="zh"))
    assert draft.text == "• (Keeps drinks hot for 12 hours)"
    assert model.asked == []


async def test_a_line_that_a_rule_objects_to_is_composed_anew() -> None:
    agent, model = copywriter(BROKEN)
    draft = await agent.write(document_of(MUG), SHORT)
    index = next(i for i, line in enumerate(draft.lines) if line.topic == "closing")
    start, _ = draft.spans()[index]
    finding = Finding(
        start=start, end=start + 8, rule="t.link", jurisdiction="platform", severity="violation",
        reason="no links", suggestion="",
    )  # fmt: skip
    mended = await agent.repair(document_of(MUG), draft, locate_findings(draft, [finding]))
    assert "The link" not in mended.text
    assert mended.lines[index].facts == ["name"]
    assert mended.removals[-1].reason == "rule t.link: no links"
    assert mended.removals[-1].replacement == mended.lines[index].text
    assert len(model.asked) == 1


async def test_a_fact_with_a_prohibited_word_is_reworded_or_taken_out() -> None:
    record = ProductRecord(name="北屿保温杯", selling_points=["顶级双层真空，保温12小时"])
    problem = LineProblem(line=0, quote="顶级", reason="rule cn.absolute")
    brief = CopyBrief(kind="bullets")
    agent, _ = copywriter("双层真空，保温12小时。")
    draft = await agent.write(document_of(record), brief)
    mended = await agent.repair(document_of(record), draft, [problem])
    assert mended.text == "• 双层真空，保温12小时。"
    stubborn, model = copywriter("顶级双层真空，保温12小时", "顶级真空，保温12小时")
    assert (await stubborn.repair(document_of(record), draft, [problem])).lines == []
    assert "顶级" in model.asked[0].messages[-1]["content"]


async def test_a_title_is_composed_without_the_fact_that_a_rule_objects_to() -> None:
    draft = await draft_without_model(MUG, CopyBrief(kind="title"))
    problem = LineProblem(line=0, quote="BPA-free", reason="rule eu.free_from")
    agent, _ = copywriter()
    mended = await agent.repair(document_of(MUG), draft, [problem])
    assert "BPA" in draft.text
    assert mended.text.startswith("Fjord Thermal Mug, ")
    assert "BPA" not in mended.text


async def test_what_still_violates_is_cut_and_the_rest_is_checked_again() -> None:
    draft = await draft_without_model(MUG, CopyBrief())
    copy = await finished(draft, MUG, "Dishwasher", "dishwasher", "BPA")
    assert "ishwasher" not in copy.text
    assert not copy.compliance.violating
    cut = [removal.text for removal in copy.removals if removal.reason.startswith("rule test")]
    assert len(cut) == 2
    assert copy.status == "from_record"


async def test_claims_point_to_facts_of_the_record() -> None:
    document = document_of(MUG)
    copy = await finished(await draft_without_model(MUG, CopyBrief()), MUG)
    known = {fact.field for fact in document.facts()}
    assert copy.claims
    assert all(claim.facts and set(claim.facts) <= known for claim in copy.claims)
    assert all(claim.text in copy.text for claim in copy.claims)


async def test_a_draft_survives_the_graphs_state() -> None:
    draft = await draft_without_model(CUP, CopyBrief())
    again = CopyDraft.model_validate_json(draft.model_dump_json())
    assert again == draft
    assert [again.text[a:b] for a, b in again.spans()] == [line.text for line in draft.lines]


async def test_what_cannot_be_written_is_said() -> None:
    agent, _ = copywriter()
    with pytest.raises(InvalidInput, match="`fr`"):
        await agent.write(document_of(MUG), CopyBrief(lang="fr"))
    empty = ProductDocument.model_validate(document_of(ProductRecord()).model_dump())
    with pytest.raises(StateConflict, match="p-1"):
        await agent.write(empty, CopyBrief())
