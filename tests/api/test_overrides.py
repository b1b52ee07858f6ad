"""A person allows a wording against a rule, for all goods or one, and takes it back."""

import pytest

from tests.serving import JSON, Served

BOAST = "这是全网最好的杯子，容量350毫升。"


def check(served: Served, text: str, product_id: str | None = None) -> JSON:
    return served.post(
        "/api/v1/check", {"text": text, "jurisdictions": ["CN"], "product_id": product_id}
    )


def first_violation(report: JSON, text: str) -> tuple[str, str]:
    finding = next(f for f in report["findings"] if f["severity"] == "violation")
    return finding["rule"], text[finding["start"] : finding["end"]]


@pytest.fixture
def allowed(served: Served) -> JSON:
    rule, quote = first_violation(check(served, BOAST), BOAST)
    reason = "Quoted from the award's certificate."
    return served.post("/api/v1/overrides", {"rule": rule, "quote": quote, "reason": reason})


def test_an_allowed_wording_is_noted_stays_and_can_be_withdrawn(
    served: Served, allowed: JSON
) -> None:
    report = check(served, BOAST)
    [noted] = [f for f in report["findings"] if f["rule"] == allowed["rule"]]
    assert noted["severity"] == "notice"
    assert noted["override"]["reason"] == "Quoted from the award's certificate."
    assert noted["override"]["actor"] == "local"
    assert (report["violating"], report["rewrite"]) == (False, BOAST)

    path = f"/api/v1/overrides/{allowed['override_id']}"
    ended = served.http.delete(path)
    assert ended.status_code == 200
    assert ended.json()["withdrawn_by"] == "local"
    assert check(served, BOAST)["violating"]
    listed = served.get("/api/v1/overrides", withdrawn=True)["overrides"]
    assert allowed["override_id"] in [o["override_id"] for o in listed]
    standing = served.get("/api/v1/overrides")["overrides"]
    assert allowed["override_id"] not in [o["override_id"] for o in standing]


def test_other_words_of_the_same_rule_still_violate(served: Served, allowed: JSON) -> None:
    report = check(served, "这是全网销量最高的杯子。")
    assert report["violating"]
    served.http.delete(f"/api/v1/overrides/{allowed['override_id']}")


def test_an_override_for_one_product_counts_for_it_alone(served: Served) -> None:
    [product] = served.intake({"mug.txt": "Name: Moss Mug\nLive price: $19.00\n"})["result"][
        "products"
    ]
    mug_id = product["product_id"]
    rule, quote = first_violation(check(served, BOAST), BOAST)
    body = {"rule": rule, "quote": quote, "reason": "Its name.", "product_id": mug_id}
    made = served.post("/api/v1/overrides", body)
    assert not check(served, BOAST, mug_id)["violating"]
    assert check(served, BOAST)["violating"]
    served.http.delete(f"/api/v1/overrides/{made['override_id']}")


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"rule": "cn.no.such", "quote": "最好", "reason": "x"}, 422, "no rule cn.no.such"),
        ({"rule": "cn.meaning.implied", "quote": "最好", "reason": "  "}, 422, "reason"),
        ({"rule": "cn.absolute.superlative", "quote": "最", "reason": "x"}, 422, "by itself"),
        ({"rule": "cn.absolute.superlative", "quote": "😀", "reason": "x"}, 422, "😀"),
        (
            {"rule": "cn.absolute.superlative", "quote": "杯子", "reason": "x", "text": BOAST},
            422,
            "where it stands in the text",
        ),
        (
            {"rule": "cn.meaning.implied", "quote": "a", "reason": "b", "product_id": "none"},
            404,
            "none",
        ),
    ],
)
def test_what_cannot_be_allowed_is_said(served: Served, body: JSON, status: int, told: str) -> None:
    answer = served.http.post("/api/v1/overrides", json=body)
    assert answer.status_code == status
    assert told in answer.text
    unknown = served.http.delete("/api/v1/overrides/none")
    assert unknown.status_code == 404


def test_words_are_allowed_once_and_withdrawn_by_one_step(served: Served, allowed: JSON) -> None:
    body = {"rule": allowed["rule"], "quote": f" {allowed['quote']}", "reason": "Once more."}
    again = served.post("/api/v1/overrides", body)
    assert again == allowed
    ended = served.http.delete(f"/api/v1/overrides/{allowed['override_id']}").json()
    assert ended["still_allowed_by"] == []
    assert check(served, BOAST)["violating"]


def test_withdrawing_says_what_still_allows_the_words(served: Served, allowed: JSON) -> None:
    lamp = {"product_id": "lamp", "version": 1, "status": "published", "record": {"name": "Lamp"}}
    served.post("/api/v1/products/import", lamp)
    body = {"rule": allowed["rule"], "quote": allowed["quote"], "reason": "x", "product_id": "lamp"}
    own = served.post("/api/v1/overrides", body)
    ended = served.http.delete(f"/api/v1/overrides/{allowed['override_id']}").json()
    assert [o["override_id"] for o in ended["still_allowed_by"]] == [own["override_id"]]
    assert not check(served, BOAST, "lamp")["violating"]
    served.http.delete(f"/api/v1/overrides/{own['override_id']}")


def test_a_rule_for_some_goods_can_be_overridden(served: Served) -> None:
    text = "这款面膜能抗炎杀菌。"
    report = served.post("/api/v1/check", {"text": text, "category": "cosmetics"})
    rules = {f["rule"]: text[f["start"] : f["end"]] for f in report["findings"]}
    assert "cn.cosmetic.effect" in rules
    body = {"rule": "cn.cosmetic.effect", "quote": rules["cn.cosmetic.effect"], "reason": "x"}
    made = served.post("/api/v1/overrides", body)
    served.http.delete(f"/api/v1/overrides/{made['override_id']}")


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        ({"product_id": "nope"}, 404, "nope"),
        ({"category": "x" * 201}, 422, "category"),
        ({"jurisdictions": "Mars"}, 422, "'platform'"),
    ],
)
def test_a_check_that_cannot_be_made_as_asked_is_refused(
    served: Served, options: JSON, status: int, told: str
) -> None:
    answer = served.http.post("/api/v1/check", json={"text": BOAST, **options})
    assert answer.status_code == status
    assert told in answer.text


@pytest.mark.parametrize("given", ["CN,US", "cn, us", ["us", "CN"], " cn ,us,"])
def test_jurisdictions_are_read_in_one_way(served: Served, given: object) -> None:
    report = served.post("/api/v1/check", {"text": "A mug.", "jurisdictions": given})
    assert {pack.split("-")[0] for pack in report["packs"]} == {"cn", "us"}
