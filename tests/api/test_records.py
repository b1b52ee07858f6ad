"""A person's work on a record over REST: correct, decide, compare, take it to another home."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.openai_server import OpenAIServer
from tests.serving import JSON, Served, serve_home, settings_for

LAMP = "Name: Juniper Lamp\nLive price: $49.00\nMaterial: oak\nWeight: 2 kg\n"


@pytest.fixture
def fresh(tmp_path: Path, openai_server: OpenAIServer) -> Iterator[Served]:
    """An empty served home."""
    with serve_home(settings_for(tmp_path / "home", openai_server.base_url)) as server:
        yield server


@pytest.fixture(scope="module")
def lamp(served: Served) -> str:
    """The path of a published lamp that no test changes."""
    return add_lamp(served, approve=True)[1]


def add_lamp(served: Served, text: str = LAMP, **options: Any) -> tuple[JSON, str]:
    """The intake's job and the path of the lamp."""
    job = served.intake({"lamp.txt": text}, name="Juniper Lamp", **options)
    [product] = job["result"]["products"]
    return job, f"/api/v1/products/{product['product_id']}"


def error_of(answer: httpx.Response, status: int) -> JSON:
    assert answer.status_code == status, answer.text
    return answer.json()["error"]


def disputed(document: JSON) -> JSON:
    """A document whose sources disagree on the price."""
    values = [
        {"value": value, "evidence": [{"source": "s9", "file": file, "quote": value}]}
        for value, file in (("49", "a.txt"), ("45", "b.txt"))
    ]
    return document | {"conflicts": [{"field": "live_price", "values": values}]}


def test_a_correction_awaits_approval_and_outlives_a_new_reading(fresh: Served):
    job, path = add_lamp(fresh)
    corrected = fresh.post(f"{path}/corrections", {"field": "live_price", "value": "45"})
    assert (corrected["version"], corrected["status"]) == (2, "awaiting_approval")
    assert corrected["record"]["live_price"] == 45
    assert corrected["evidence"]["live_price"][0]["source"] == "person"
    [correction] = corrected["corrections"]
    assert (correction["field"], correction["was"], correction["by"]) == (
        "live_price", "49", "local",
    )  # fmt: skip

    approved = fresh.post(f"{path}/approve?version=2")
    assert (approved["version"], approved["status"]) == (2, "published")
    assert fresh.settled(job["job_id"])["status"] == "succeeded"
    answer = fresh.post("/api/v1/answers", {"question": "How much is it?"})
    assert "45" in answer["text"]

    add_lamp(fresh, LAMP.replace("49", "59") + "Width: 20 cm\n", approve=True)
    again = fresh.get(path)
    assert (again["version"], again["status"]) == (3, "published")
    assert again["record"]["live_price"] == 45
    assert again["corrections"] == [correction]
    [conflict] = [c for c in again["conflicts"] if c["field"] == "live_price"]
    assert (conflict["status"], conflict["policy"]) == ("resolved", "person")
    assert [v["value"] for v in conflict["values"]] == ["45", "59"]


def test_a_correction_can_be_published_at_once(fresh: Served):
    job, path = add_lamp(fresh)
    body = {"field": "selling_points", "value": "Dims to 5 %", "approve": True}
    published = fresh.post(f"{path}/corrections", body)
    assert (published["version"], published["status"]) == (2, "published")
    ended = fresh.settled(job["job_id"])
    assert [item["status"] for item in ended["result"]["products"]] == ["superseded"]


def test_the_same_correction_again_makes_nothing_new(fresh: Served):
    _, path = add_lamp(fresh, approve=True)
    body = {"field": "specs.Weight", "value": "2.1 kg"}
    first = fresh.post(f"{path}/corrections", body, **{"Idempotency-Key": "k"})
    replayed = fresh.http.post(f"{path}/corrections", json=body, headers={"Idempotency-Key": "k"})
    assert replayed.headers["Idempotency-Replayed"] == "true"
    assert replayed.json() == first
    assert fresh.post(f"{path}/corrections", body) == first
    assert len(fresh.get(f"{path}/versions")["versions"]) == 2


def test_a_rejected_correction_is_taken_back(fresh: Served):
    _, path = add_lamp(fresh, approve=True)
    fresh.post(f"{path}/corrections", {"field": "live_price", "value": "4"})
    assert fresh.post(f"{path}/reject")["status"] == "rejected"
    next_one = fresh.post(f"{path}/corrections", {"field": "brand", "value": "Juniper"})
    assert next_one["record"]["live_price"] == 49
    assert [c["field"] for c in next_one["corrections"]] == ["brand"]
    add_lamp(fresh, LAMP.replace("49", "59"))
    assert fresh.get(path)["record"]["live_price"] == 59


def test_a_renamed_product_is_found_again_by_the_name_in_its_material(fresh: Served):
    _, path = add_lamp(fresh, approve=True)
    body = {"field": "name", "value": "Juniper Table Lamp", "approve": True}
    fresh.post(f"{path}/corrections", body)
    fresh.intake({"lamp.txt": LAMP.replace("49", "59")}, approve=True)
    [product] = fresh.get("/api/v1/products")["products"]
    assert (product["name"], product["version"]) == ("Juniper Table Lamp", 3)


@pytest.mark.parametrize(
    ("body", "status", "code", "words"),
    [
        ({"field": "live_price", "value": "cheap"}, 422, "invalid_input", "no price"),
        ({"field": "prize", "value": "1"}, 422, "invalid_input", "no field"),
        ({"field": "materials[7]", "value": "x"}, 422, "invalid_input", "materials[7]"),
        ({"field": "live_price"}, 422, "invalid_input", "give a value"),
        ({"field": "live_price", "value": "1", "was": "9"}, 409, "state_conflict", "by now"),
        ({"field": "live_price", "value": "1", "version": 9}, 409, "state_conflict", "looked at"),
        ({"field": "live_price", "value": "x" * 9000}, 422, "invalid_input", "value"),
        ({"field": "live_price", "value": "1", "by": "eve"}, 422, "invalid_input", "by"),
    ],
)
def test_a_correction_that_cannot_be_made_changes_nothing(
    served: Served, lamp: str, body: JSON, status: int, code: str, words: str
):
    error = error_of(served.http.post(f"{lamp}/corrections", json=body), status)
    assert error["code"] == code
    assert words in error["message"]
    assert served.get(lamp)["version"] == 1


def test_a_conflict_is_decided_by_a_person(fresh: Served):
    _, path = add_lamp(fresh, approve=True)
    fresh.post("/api/v1/products/import?approve=true", disputed(fresh.get(path)))
    refused = fresh.http.post(f"{path}/conflicts/resolve", json={"field": "brand", "value": "x"})
    assert "live_price: 49 / 45" in error_of(refused, 422)["hint"]
    body = {"field": "live_price", "value": "45.00", "note": "asked Mo", "approve": True}
    decided = fresh.post(f"{path}/conflicts/resolve", body)
    assert (decided["record"]["live_price"], decided["status"]) == (45, "published")
    [conflict] = decided["conflicts"]
    assert (conflict["status"], conflict["policy"]) == ("resolved", "person")
    [correction] = decided["corrections"]
    assert (correction["settles"], correction["note"]) == (True, "asked Mo")
    assert correction["among"] == ["49", "45"]
    assert [e["file"] for e in decided["evidence"]["live_price"]] == ["person", "b.txt"]


def test_versions_and_their_changes_are_told(fresh: Served):
    _, path = add_lamp(fresh, approve=True)
    fresh.post(f"{path}/corrections", {"field": "live_price", "value": "45"})
    fresh.post(f"{path}/corrections", {"field": "materials[0]", "remove": True})
    fresh.post(f"{path}/corrections", {"field": "usage", "value": "Wipe dry"})
    versions = fresh.get(f"{path}/versions")["versions"]
    assert [(v["version"], v["status"]) for v in versions] == [
        (4, "awaiting_approval"),
        (3, "awaiting_approval"),
        (2, "awaiting_approval"),
        (1, "published"),
    ]
    assert all(v["actor"] and v["created_at"] for v in versions)

    diff = fresh.get(f"{path}/diff")
    assert (diff["from"], diff["to"]) == (1, 4)
    assert [(c["field"], c["change"], c["before"], c["after"]) for c in diff["changes"]] == [
        ("live_price", "changed", "49", "45"),
        ("materials[0]", "removed", "oak", None),
        ("usage[0]", "added", None, "Wipe dry"),
    ]
    assert diff["changes"][0]["evidence"][0]["source"] == "person"
    assert diff["changes"][1]["evidence"][0]["file"] == "lamp.txt"
    one = fresh.get(f"{path}/diff", **{"from": 2, "to": 3})
    assert [c["change"] for c in one["changes"]] == ["removed"]
    whole = fresh.get(f"{path}/diff", to=1)
    assert whole["from"] is None
    assert {c["change"] for c in whole["changes"]} == {"added"}
    error_of(fresh.http.get(f"{path}/diff", params={"to": 9}), 404)


def without_stamps(document: JSON) -> JSON:
    return {k: v for k, v in document.items() if k not in ("version", "status")}


def test_a_record_goes_to_another_home_and_back_without_loss(
    fresh: Served, tmp_path: Path, openai_server: OpenAIServer
):
    _, path = add_lamp(fresh, approve=True)
    fresh.post(f"{path}/corrections", {"field": "live_price", "value": "45", "note": "cheaper"})
    fresh.post(f"{path}/corrections", {"field": "materials[0]", "remove": True})
    exported = fresh.get(path)
    with serve_home(settings_for(tmp_path / "other", openai_server.base_url)) as other:
        [made] = other.post("/api/v1/products/import", exported)["products"]
        assert (made["version"], made["status"], made["new"]) == (1, "awaiting_approval", True)
        assert made["unbacked"] == []
        back = other.get(path)
        assert without_stamps(back) == without_stamps(exported)
        [again] = other.post("/api/v1/products/import?approve=true", [back])["products"]
        assert (again["version"], again["status"], again["new"]) == (1, "published", False)
        assert "45" in other.post("/api/v1/answers", {"question": "How much is it?"})["text"]

        source = exported["evidence"]["specs.Weight"][0]["source"]
        missing = error_of(other.http.get(f"{path}/sources/{source}"), 404)
        assert "lamp.txt" in missing["message"]
        assert "not in this home" in missing["message"]
        spoken = error_of(other.http.get(f"{path}/sources/person"), 404)
        assert "what a person said" in spoken["message"]

        add_lamp(other, LAMP.replace("49", "59"))
        assert other.get(path)["record"]["live_price"] == 45, "imported corrections stand, too"
    [same] = fresh.post("/api/v1/products/import", back)["products"]
    assert (same["new"], same["version"]) == (False, 3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"record": {"live_price": "49"}}, "record.live_price"),
        ({"record": {"live_price": -1}}, "record.live_price"),
        ({"record": {"price": 1}}, "record.price"),
        ({"record": {"variants": {"stock": {"M": 1.5}}}}, "record.variants.stock.M"),
        ({"record": {"specs": {"a": ""}}}, "record.specs.a"),
        ({"evidence": {"prize": []}}, "evidence.prize"),
        ({"evidence": {"name": [{"file": "a", "quote": "b"}]}}, "evidence.name[0].source"),
        ({"status": "on air"}, "status"),
        ({"version": 0}, "version"),
        ({"product_id": "../x"}, "../x"),
        ({"corrections": [{"field": "x", "by": "a", "at": "2026-01-01T00:00:00Z"}]}, "corrections"),
        ({"extra": 1}, "extra"),
        ({"record": {"specs": {f"p{i}": "x" for i in range(3000)}}}, "3000 values"),
    ],
)
def test_a_document_that_is_none_is_refused_whole(served: Served, change: JSON, words: str):
    before = served.get("/api/v1/products")
    good = {"product_id": "lamp", "version": 1, "status": "published", "record": {"name": "Lamp"}}
    answer = served.http.post("/api/v1/products/import", json=[good, good | change])
    assert answer.status_code in (413, 422), answer.text
    assert words in answer.json()["error"]["message"]
    if "product_id" not in change:
        assert "[1]." in answer.json()["error"]["message"]
    assert served.get("/api/v1/products") == before
    alone = served.http.post("/api/v1/products/import", json=good | change)
    assert words in alone.json()["error"]["message"]


def test_numbers_that_json_has_not_are_refused(fresh: Served):
    head = b'{"product_id": "lamp", "version": 1, "status": "published", "record": {"live_price": '
    for number in (b"NaN", b"Infinity", b"1e999"):
        answer = fresh.http.post(
            "/api/v1/products/import",
            content=head + number + b"}}",
            headers={"content-type": "application/json"},
        )
        assert answer.status_code == 422, answer.text
    error_of(fresh.http.post("/api/v1/products/import", json="lamp"), 422)


def test_values_without_evidence_are_told(fresh: Served):
    bare = {"product_id": "lamp", "version": 7, "status": "rejected", "record": {"name": "Lamp"}}
    [made] = fresh.post("/api/v1/products/import", bare)["products"]
    assert (made["version"], made["unbacked"]) == (1, ["name"])


def test_json_ld_leaves_out_what_the_sources_dispute(fresh: Served):
    _, path = add_lamp(fresh, approve=True)
    answer = fresh.http.get(f"{path}/jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.json()["offers"]["price"] == 49
    fresh.post("/api/v1/products/import", disputed(fresh.get(path)))
    node = fresh.get(f"{path}/jsonld")
    assert "price" not in node.get("offers", {})
    assert fresh.get(f"{path}/jsonld", version="published")["offers"]["price"] == 49


def test_products_are_listed_page_by_page(fresh: Served):
    for number in range(5):
        bare: JSON = {"product_id": f"p{number}", "version": 1, "status": "published", "record": {}}
        fresh.post("/api/v1/products/import", bare)
    everything = fresh.get("/api/v1/products")
    assert everything["next_cursor"] is None
    found: list[JSON] = []
    page = fresh.get("/api/v1/products", limit=2)
    while True:
        assert len(page["products"]) <= 2
        found += page["products"]
        if page["next_cursor"] is None:
            break
        page = fresh.get("/api/v1/products", limit=2, cursor=page["next_cursor"])
    assert found == everything["products"]
    for wrong in ("x", "é", "MjAyNg==", "MjAyNi0wMS0wMSBw"):
        answer = fresh.http.get("/api/v1/products", params={"limit": 2, "cursor": wrong})
        assert error_of(answer, 422)["code"] == "invalid_input"


def test_every_route_of_a_record_is_described_and_names_an_unknown_product(fresh: Served):
    paths = fresh.get("/openapi.json")["paths"]
    for tail in ("corrections", "conflicts/resolve", "versions", "diff", "jsonld"):
        assert f"/api/v1/products/{{product_id}}/{tail}" in paths
    body = {"field": "name", "value": "x"}
    for method, tail in (
        ("GET", "versions"), ("GET", "diff"), ("GET", "jsonld"),
        ("POST", "corrections"), ("POST", "conflicts/resolve"),
    ):  # fmt: skip
        answer = fresh.http.request(method, f"/api/v1/products/none/{tail}", json=body)
        assert error_of(answer, 404)["code"] == "not_found"
