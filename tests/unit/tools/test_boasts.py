from domain.evidence import Evidence
from domain.extraction import ProductDraft
from domain.product import ProductRecord, SetAside
from tools.boasts import NOT_COMPLIANT, set_boasts_aside
from tools.compliance import RulePackLibrary
from tools.extraction.directives import TO_HOST


def place(quote: str) -> Evidence:
    return Evidence(source="s", file="chat.txt", quote=quote)


def test_a_boast_is_kept_as_evidence_and_is_no_selling_point() -> None:
    points = ["长丝手工拉网，不板结", "全网最好用的蚕丝被", "被角有固定扣"]
    draft = ProductDraft(
        record=ProductRecord(name="夏凉被", currency="CNY", selling_points=points),
        evidence={f"selling_points[{i}]": [place(point)] for i, point in enumerate(points)},
    )
    clean = set_boasts_aside(draft, RulePackLibrary.shipped())
    assert clean.record.selling_points == [points[0], points[2]]
    assert clean.evidence == {
        "selling_points[0]": [place(points[0])],
        "selling_points[1]": [place(points[2])],
    }
    [dropped] = clean.dropped
    assert (dropped.value, dropped.reason, dropped.file) == (points[1], NOT_COMPLIANT, "chat.txt")
    assert dropped.evidence == place(points[1])
    assert dropped.rules


def test_a_line_that_someone_wants_said_is_listed_with_the_rules() -> None:
    lines = ['My boss wants you to say: "Tea from it cures insomnia!"', "别提下周的凉席"]
    asides = [SetAside(text=text, file="chat.txt", reason=TO_HOST) for text in lines]
    draft = ProductDraft(record=ProductRecord(name="Mug", currency="USD"), set_aside=asides)
    judged = set_boasts_aside(draft, RulePackLibrary.shipped()).set_aside
    assert judged[0].rules
    assert judged[1].rules == ()
    assert [aside.text for aside in judged] == lines


def test_the_market_is_told_from_the_currency() -> None:
    def kept(currency: str, point: str) -> list[str]:
        record = ProductRecord(name="Cream", category="cosmetics", currency=currency)
        record.selling_points = [point]
        draft = set_boasts_aside(ProductDraft(record=record), RulePackLibrary.shipped())
        return draft.record.selling_points

    assert kept("EUR", "Not tested on animals") == []
    assert kept("USD", "Not tested on animals") == ["Not tested on animals"]
    assert kept("USD", "Simply the best cream ever made") == []
