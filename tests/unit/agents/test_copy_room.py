"""Copy keeps to its time and its limits, whatever is translated, mended or cut."""

import re

import pytest

from domain.copywriting import CommentAnswer, CopyBrief, CopyDraft, CopyKind, LineProblem
from domain.errors import InvalidInput
from domain.product import ProductRecord
from tests.fakes.copywriting import BROKEN, copywriter, draft_without_model, finished
from tests.fakes.products import CUP, MUG, document_of
from tools.copy_platforms import find_jurisdictions
from tools.speaking import speaking_seconds


def spoken(draft: CopyDraft) -> float:
    return sum(speaking_seconds(line.text, draft.lang) for line in draft.lines)


@pytest.mark.parametrize("seconds", [30, 60, 90])
@pytest.mark.parametrize("sample", [0, 1, 2])
@pytest.mark.parametrize("record", [MUG, CUP], ids=["en", "zh"])
async def test_a_script_takes_the_time_that_was_asked_for(
    record: ProductRecord, sample: int, seconds: int
) -> None:
    draft = await draft_without_model(record, CopyBrief(seconds=seconds), sample=sample)
    spoken = sum(speaking_seconds(line.text, draft.lang) for line in draft.lines)
    assert spoken == pytest.approx(seconds, rel=0.15)


@pytest.mark.parametrize(
    ("platform", "longest", "han_counts"),
    [
        (None, 60, 2),
        ("eBay listing", 80, 1),
        ("淘宝", 60, 2),
        ("小红书", 20, 1),
        ("Amazon", 200, 1),
    ],
)
async def test_a_title_is_as_long_as_its_platform_takes(
    platform: str | None, longest: int, han_counts: int
) -> None:
    for record in (MUG, CUP):
        draft = await draft_without_model(record, CopyBrief(kind="title", platform=platform))
        han = len(re.findall("[一-鿿]", draft.text))
        assert len(draft.text) + (han_counts - 1) * han <= longest
        assert draft.text.split()[0] in (record.name or "")


async def test_a_listing_has_as_many_bullets_as_its_platform_takes() -> None:
    record = MUG.model_copy(
        update={"selling_points": ["Glazed by hand " * 20, *MUG.selling_points]}
    )
    draft = await draft_without_model(record, CopyBrief(kind="bullets", platform="amazon"))
    assert len(draft.lines) == 5
    assert all(len(line.text) <= 255 for line in draft.lines)
    assert {removal.reason for removal in draft.unfit} == {
        "a bullet may have 255 characters",
        "the platform takes 5 bullets",
    }


async def test_a_reply_fits_a_comment() -> None:
    agent, _ = copywriter()
    answers = [CommentAnswer(text="Glazed by hand. " * n) for n in (2, 14)]
    brief = CopyBrief(kind="reply", comment="How is it glazed?")
    draft = await agent.write(document_of(MUG), brief, answers=answers)
    assert draft.text == answers[0].text
    assert any(removal.reason == "a reply may have 240 characters" for removal in draft.unfit)


@pytest.mark.parametrize(
    ("kind", "platform"),
    [
        ("title", "Moonmarket"),
        ("script", "Moonmarket"),
        ("title", "instagram"),
        ("bullets", "快手"),
    ],
)
async def test_a_platform_of_which_nothing_is_known_is_refused(
    kind: CopyKind, platform: str
) -> None:
    with pytest.raises(InvalidInput, match=platform) as refused:
        await draft_without_model(MUG, CopyBrief(kind=kind, platform=platform))
    assert "ebay" in refused.value.hint
    assert ("instagram" in refused.value.hint) is (kind == "script")


async def test_a_script_is_written_for_a_place_without_listings() -> None:
    assert (await draft_without_model(MUG, CopyBrief(platform="Instagram Live"))).lines
    assert find_jurisdictions(CopyBrief(platform="快手")) == ["CN", "platform"]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (
            "北屿双层真空不锈钢防漏便携车载保温杯容量500毫升",
            "北屿双层真空不锈钢防漏便携车载保温杯",
        ),
        ("膳魔师 真空不锈钢保温保冷杯大容量户外运动水壶", "膳魔师 真空不锈钢保温保冷杯大容量户外"),
        ("北屿真空保温杯奶油白色礼盒装（500ml两只）", "北屿真空保温杯奶油白色礼盒装"),
        ("随手拎的北屿奶油白真空不锈钢Thermos水杯", "随手拎的北屿奶油白真空不锈钢"),
    ],
)
async def test_a_title_is_cut_between_words(name: str, title: str) -> None:
    brief = CopyBrief(kind="title", platform="小红书")
    assert (await draft_without_model(ProductRecord(name=name), brief)).text == title


async def test_an_english_title_is_cut_between_words() -> None:
    name = "Steel Insulated Travel Mug with Leakproof Lid and Handle, for Cars with 500 ml Holders"
    draft = await draft_without_model(ProductRecord(name=name), CopyBrief(kind="title"))
    assert draft.text == "Steel Insulated Travel Mug with Leakproof Lid and Handle"


@pytest.mark.parametrize(
    ("brief", "record", "reason"),
    [
        (
            CopyBrief(kind="bullets", platform="amazon"),
            ProductRecord(name="Mug", selling_points=["glazed by hand " * 40]),
            "a bullet may have 255 characters",
        ),
        (
            CopyBrief(kind="title", platform="ebay"),
            ProductRecord(name="Mug" * 30),
            "a title may have 80 characters",
        ),
    ],
)
async def test_where_nothing_fits_nothing_is_written(
    brief: CopyBrief, record: ProductRecord, reason: str
) -> None:
    copy = await finished(await draft_without_model(record, brief), record)
    assert copy.text == ""
    assert copy.status == "empty"
    assert reason in {removal.reason for removal in copy.removals}


@pytest.mark.parametrize("platform", ["Betsy's gifts", "Rebay"])
async def test_a_platform_is_known_by_whole_words(platform: str) -> None:
    with pytest.raises(InvalidInput):
        await draft_without_model(MUG, CopyBrief(kind="title", platform=platform))


async def test_only_what_is_said_is_translated() -> None:
    record = MUG.model_copy(
        update={"selling_points": [f"Glazed by hand in workshop {n}" for n in range(30)]}
    )
    agent, model = copywriter(*[BROKEN] * 80)
    draft = await agent.write(document_of(record), CopyBrief(lang="zh", seconds=30))
    assert spoken(draft) == pytest.approx(30, rel=0.15)
    assert 0 < len(model.asked) <= 6


async def test_what_comes_in_after_a_translation_is_translated_too() -> None:
    said = "保温12小时"
    record = ProductRecord(
        name="Fjord", selling_points=["Keeps drinks hot for 12 hours"] * 3, usage=["Wash it first"]
    )
    agent, model = copywriter(*[said] * 4, *[BROKEN] * 20)
    draft = await agent.write(document_of(record), CopyBrief(kind="bullets", lang="zh"))
    assert draft.text.startswith(f"• {said}")
    assert len(model.asked) == 3


@pytest.mark.parametrize("record", [MUG, CUP], ids=["en", "zh"])
async def test_a_script_keeps_its_time_when_lines_are_cut(record: ProductRecord) -> None:
    draft = await draft_without_model(record, CopyBrief(seconds=60))
    words = [line.text for line in draft.lines if line.topic in ("point", "price")]
    copy = await finished(draft, record, *words)
    assert not set(words) & {claim.text for claim in copy.claims}
    assert speaking_seconds(copy.text, copy.lang) == pytest.approx(60, rel=0.15)
    assert not copy.compliance.violating


async def test_a_script_keeps_its_time_when_lines_are_taken_out_in_repair() -> None:
    draft = await draft_without_model(MUG, CopyBrief(seconds=60))
    problems = [
        LineProblem(line=index, quote=line.text[-12:-1], reason="rule test.word")
        for index, line in enumerate(draft.lines)
        if line.topic in ("point", "price")
    ]
    agent, _ = copywriter(*[BROKEN] * 40)
    mended = await agent.repair(document_of(MUG), draft, problems)
    for problem in problems:
        assert problem.quote not in mended.text
    assert spoken(mended) == pytest.approx(60, rel=0.15)


async def test_the_room_of_a_cut_bullet_goes_to_the_next() -> None:
    brief = CopyBrief(kind="bullets", platform="amazon")
    draft = await draft_without_model(MUG, brief)
    copy = await finished(draft, MUG, "BPA")
    assert copy.text.count("• ") == 5
    assert "BPA" not in copy.text


async def test_a_mended_line_that_is_too_long_does_not_stay() -> None:
    point = "双层真空" * 40
    record = ProductRecord(name="北屿保温杯", selling_points=[f"顶级{point}"])
    draft = await draft_without_model(record, CopyBrief(kind="bullets", platform="amazon"))
    index = next(i for i, line in enumerate(draft.lines) if line.topic == "point")
    agent, _ = copywriter(f"大家看，{point}。再看看，{point}。", BROKEN)
    problem = LineProblem(line=index, quote="顶级", reason="rule cn.absolute")
    mended = await agent.repair(document_of(record), draft, [problem])
    assert all(len(line.text) <= 255 for line in mended.lines)
    assert "顶级" not in mended.text


async def test_a_models_line_without_room_leaves_its_place_to_a_composed_one() -> None:
    points = [
        "双层真空，保温12小时，杯口圆润，不刮嘴，杯底有防滑垫，提手折叠，杯身磨砂，内胆抛光",
        "防漏杯盖，单手开合，放得进杯架，茶滤拆下来清洗，密封圈有备用，背带长短随意调，杯套带拉链",
    ]
    record = ProductRecord(name="北屿", selling_points=points)
    said = [f"大家来看看我手里的这个，{point}。" for point in points]
    agent, _ = copywriter(*said, repairs=0)
    draft = await agent.write(document_of(record), CopyBrief(kind="short_video", seconds=25))
    assert spoken(draft) == pytest.approx(25, rel=0.15)
    assert all(point in draft.text for point in points)
    [removal] = draft.removals
    assert removal.text in said
    assert removal.text not in draft.text
    assert removal.cause == "room"
    copy = await finished(draft, record)
    assert copy.status == "passed", "what there is no room for repairs nothing"
