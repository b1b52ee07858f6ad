"""The closed loop over REST: what stayed open is answered by a person, and then by the record."""

import pytest

from tests.serving import JSON, Served

ANSWERS = "/api/v1/answers"
LAMP = "Name: Juniper Lamp\nLive price: $49.00\nMaterial: oak\nColour: walnut\nShips in 2 days\n"


@pytest.fixture(scope="module")
def lamp(served: Served) -> str:
    job = served.intake({"lamp.txt": LAMP}, name="Juniper Lamp", approve=True)
    return job["result"]["products"][0]["product_id"]


def ask(served: Served, lamp: str, question: str) -> JSON:
    return served.post(ANSWERS, {"question": question, "product_id": lamp})


def open_ids(served: Served) -> list[str]:
    return [one["answer_id"] for one in served.get(ANSWERS, unanswered=True)["answers"]]


@pytest.mark.parametrize(
    ("question", "given", "field"),
    [
        ("How heavy is it?", "It weighs 1.8 kg.", "specs.weight"),
        ("Does it come with a light bulb?", "Yes, a warm LED bulb.", None),
        ("Can I return it?", "Yes, within 14 days, unused.", "returns_warranty[0]"),
        ("功率多大？", "9瓦", "specs.功率"),
    ],
)
def test_asked_again_it_is_answered_from_the_record(
    served: Served, lamp: str, question: str, given: str, field: str | None
):
    before = ask(served, lamp, question)
    assert before["status"] == "abstained"
    assert before["answer_id"] in open_ids(served)
    version = served.get(f"/api/v1/products/{lamp}")["version"]

    done = served.post(f"{ANSWERS}/{before['answer_id']}/resolve", {"text": given, "approve": True})
    assert (done["version"], done["status"]) == (version + 1, "published")
    answer = done["answer"]
    assert (answer["status"], answer["method"], answer["text"]) == ("grounded", "person", given)
    assert answer["citations"][0]["source"] == "person"
    assert before["answer_id"] not in open_ids(served)
    assert served.get(f"{ANSWERS}/{before['answer_id']}") == answer

    document = served.get(f"/api/v1/products/{lamp}", version="published")
    noted = document["corrections"][-1]
    assert (noted["note"], noted["by"]) == (f"Asked: {question}", "local")
    again = ask(served, lamp, question)
    assert again["status"] == "grounded", again
    cited = again["citations"][0]
    assert (cited["source"], cited["quote"]) == ("person", given)
    assert field is None or cited["fact"] == field


def test_without_approval_the_record_stays_and_the_fact_is_suggested(served: Served, lamp: str):
    answer_id = ask(served, lamp, "How tall is it?")["answer_id"]
    version = served.get(f"/api/v1/products/{lamp}")["version"]
    done = served.post(f"{ANSWERS}/{answer_id}/resolve", {"text": "42 cm"})
    assert done["fact"] == {"field": "specs.dimensions", "value": "42 cm"}
    assert done["version"] is None
    assert served.get(f"/api/v1/products/{lamp}")["version"] == version
    assert answer_id not in open_ids(served)
    assert ask(served, lamp, "How tall is it?")["status"] == "abstained"
    approved = served.post(
        f"{ANSWERS}/{answer_id}/resolve",
        {"text": "42 cm", "field": "specs.height", "approve": True},
    )
    assert approved["answer"]["citations"][0]["fact"] == "specs.height"


def test_what_cannot_become_a_fact_is_refused_and_stays_open(served: Served, lamp: str):
    answer_id = ask(served, lamp, "What sizes are there?")["answer_id"]
    path = f"{ANSWERS}/{answer_id}/resolve"
    refused = served.http.post(path, json={"text": "Two of them.", "approve": True})
    assert refused.status_code == 422
    assert "--field" in refused.json()["error"]["hint"]
    unknown = served.http.post(path, json={"text": "x", "field": "nonsense", "approve": True})
    assert unknown.status_code == 422
    assert answer_id in open_ids(served)
    given = {"text": "One of them.", "field": "variants.sizes", "value": "42 cm", "approve": True}
    served.post(path, given)
    assert "42 cm" in ask(served, lamp, "What sizes are there?")["text"]


def test_only_open_questions_are_resolved(served: Served, lamp: str):
    known = ask(served, lamp, "How much is it?")
    path = f"{ANSWERS}/{known['answer_id']}/resolve"
    assert served.http.post(path, json={"text": "A lot."}).status_code == 409
    assert served.http.post(f"{ANSWERS}/none/resolve", json={"text": "x"}).status_code == 404
    assert served.http.post(path, json={"text": " "}).status_code == 422
