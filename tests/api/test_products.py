"""Material in, a record out, a person's decision, and answers from what was decided."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.openai_server import OpenAIServer, hang, serve_openai
from tests.serving import Served, serve_home, settings_for, wait_until

KILN = Path("examples/kiln-mug")
PRICES = (KILN / "price-list.csv").read_bytes()
CHAT = (KILN / "chat-with-emberlow.txt").read_bytes()
LAMP = "Name: Juniper Lamp\nLive price: $49.00\nMaterial: oak\n"


@pytest.fixture(scope="module")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, Any]]]:
    """A served home and its intake job of the Kiln Mug's chat and price list."""
    home = tmp_path_factory.mktemp("kiln") / "home"
    with serve_openai() as fake, serve_home(settings_for(home, fake.base_url)) as server:
        job = server.intake({"chat.txt": CHAT, "prices.csv": PRICES}, name="Kiln Mug")
        yield server, job


@pytest.fixture
def fresh(tmp_path: Path, openai_server: OpenAIServer) -> Iterator[Served]:
    """An empty served home."""
    with serve_home(settings_for(tmp_path / "home", openai_server.base_url)) as server:
        yield server


def ask(served: Served, question: str, **given: Any) -> dict[str, Any]:
    return served.post("/api/v1/answers", {"question": question, **given})


def test_an_intake_waits_with_an_evidenced_record(kiln: tuple[Served, dict[str, Any]]):
    served, job = kiln
    assert job["status"] == "waiting"
    assert [item["status"] for item in job["result"]["sources"]] == ["read", "read"]
    [product] = job["result"]["products"]
    assert product["status"] == "awaiting_approval"
    document = served.get(f"/api/v1/products/{product['product_id']}")
    assert document["record"]["live_price"] == 19.9
    assert 42 in document["record"]["variants"]["stock"].values()
    assert "live_price" in document["evidence"]
    chat = " ".join(CHAT.decode().split())
    for path, evidence in document["evidence"].items():
        for item in evidence:
            assert item["file"] == "prices.csv" or " ".join(item["quote"].split()) in chat, path


def test_progress_resumes_after_the_last_event_seen(kiln: tuple[Served, dict[str, Any]]):
    served, job = kiln
    events = served.events(job["job_id"])
    assert events[-1] == (None, "job")
    numbers = [ident for ident, kind in events if kind == "progress"]
    assert numbers == list(range(1, len(numbers) + 1))
    rest = served.events(job["job_id"], after=3)
    assert rest == events[3:]


def test_the_mug_goes_on_air_and_answers_from_its_record(kiln: tuple[Served, dict[str, Any]]):
    served, job = kiln
    [product_id] = [item["product_id"] for item in job["result"]["products"]]
    before = ask(served, "How much is it?")
    assert before["status"] == "abstained"
    draft = ask(served, "How much is it?", product_id=product_id, draft=True)
    assert "19.9" in draft["text"]
    published = served.post(f"/api/v1/products/{product_id}/approve")
    assert published["status"] == "published"
    assert served.settled(job["job_id"])["status"] == "succeeded"

    answer = ask(served, "How much is it?")
    assert (answer["status"], answer["product_version"]) == ("grounded", 1)
    assert "19.9" in answer["text"]
    assert answer["citations"][0]["fact"] == "live_price"
    assert "19.90" in answer["citations"][0]["quote"]
    silent = ask(served, "Does it come with a matching spoon?")
    assert silent["status"] == "abstained", (silent["text"], silent["citations"])
    assert not silent["citations"]
    queue = served.get("/api/v1/answers", unanswered=True)["answers"]
    assert silent["answer_id"] in [item["answer_id"] for item in queue]
    assert {item["status"] for item in queue} <= {"abstained", "escalated"}
    both = served.http.get("/api/v1/answers", params={"unanswered": True, "status": "grounded"})
    assert both.status_code == 422

    [hit] = served.get("/api/v1/products/search", q="stoneware mug")["results"]
    assert hit["product_id"] == product_id
    again = served.http.post(f"/api/v1/products/{product_id}/approve")
    assert again.status_code == 409


def test_answers_stream_sentence_by_sentence(kiln: tuple[Served, dict[str, Any]]):
    served, _ = kiln
    body = {"question": "Is it dishwasher safe?"}
    with served.http.stream("POST", "/api/v1/answers/stream", json=body) as answer:
        text = answer.read().decode()
    assert text.index("event: sentence") < text.index("event: answer")
    with served.http.stream("POST", "/api/v1/answers/stream", json={"question": " "}) as answer:
        assert "event: error" in answer.read().decode()


def test_sources_are_served_as_data_only(kiln: tuple[Served, dict[str, Any]]):
    served, job = kiln
    product_id = job["result"]["products"][0]["product_id"]
    document = served.get(f"/api/v1/products/{product_id}")
    source = document["evidence"]["live_price"][0]["source"]
    answer = served.http.get(f"/api/v1/products/{product_id}/sources/{source}")
    assert answer.content in (CHAT, PRICES)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "application/octet-stream"
    stranger = served.upload("secret.txt", b"not of this product")["upload_id"]
    refused = served.http.get(f"/api/v1/products/{product_id}/sources/{stranger}")
    assert refused.status_code == 404


def test_copy_is_written_and_every_claim_names_its_fact(kiln: tuple[Served, dict[str, Any]]):
    served, job = kiln
    product_id = job["result"]["products"][0]["product_id"]
    body = {"product_id": product_id, "brief": {"kind": "bullets", "variants": 2}}
    ended = served.settled(served.post("/api/v1/copies", body)["job_id"])
    assert ended["status"] == "succeeded"
    assert len(ended["result"]["copies"]) == 2
    listed = served.get("/api/v1/copies", product_id=product_id)["copies"]
    assert set(ended["result"]["copies"]) <= {copy["copy_id"] for copy in listed}
    facts = served.get(f"/api/v1/products/{product_id}")["evidence"]
    for copy_id in ended["result"]["copies"]:
        copy = served.get(f"/api/v1/copies/{copy_id}")
        assert copy["claims"]
        assert all(set(claim["facts"]) <= set(facts) for claim in copy["claims"])
        assert not copy["compliance"]["violating"]


def test_products_of_one_intake_are_decided_one_by_one(fresh: Served):
    job = fresh.intake({"prices.csv": PRICES})
    first, second, third, *rest = (item["product_id"] for item in job["result"]["products"])
    assert rest
    fresh.post(f"/api/v1/products/{second}/approve")
    assert fresh.get(f"/api/v1/jobs/{job['job_id']}")["status"] == "waiting"
    rejected = fresh.post(f"/api/v1/products/{third}/reject")
    assert rejected["status"] == "rejected"
    status = {p["product_id"]: p["status"] for p in fresh.get("/api/v1/products")["products"]}
    assert status[first] == "awaiting_approval"
    assert status[second] == "published"
    for product_id in (first, *rest):
        fresh.post(f"/api/v1/products/{product_id}/approve")
    ended = fresh.get(f"/api/v1/jobs/{job['job_id']}")
    assert ended["status"] == "succeeded"
    assert {p["product_id"]: p["status"] for p in ended["result"]["products"]} == {
        **dict.fromkeys((first, second, *rest), "published"),
        third: "rejected",
    }


def test_a_removed_product_is_gone_everywhere(fresh: Served):
    job = fresh.intake({"lamp.txt": LAMP}, name="Juniper Lamp", approve=True)
    [product] = job["result"]["products"]
    assert product["status"] == "published"
    assert ask(fresh, "How much is it?")["status"] == "grounded"
    fresh.http.delete(f"/api/v1/products/{product['product_id']}").raise_for_status()
    assert fresh.get("/api/v1/products")["products"] == []
    assert fresh.get("/api/v1/products/search", q="lamp")["results"] == []
    assert ask(fresh, "How much is it?")["status"] == "abstained"


def test_a_removed_product_does_not_block_its_intake(fresh: Served):
    job = fresh.intake({"lamp.txt": LAMP}, name="Juniper Lamp")
    [product] = job["result"]["products"]
    fresh.http.delete(f"/api/v1/products/{product['product_id']}").raise_for_status()
    again = fresh.intake({"lamp.txt": LAMP}, name="Juniper Lamp")
    [added] = again["result"]["products"]
    assert fresh.get(f"/api/v1/products/{added['product_id']}")["status"] == "awaiting_approval"


def test_one_product_goes_on_air_while_intakes_are_at_work(
    fresh: Served, openai_server: OpenAIServer
):
    waiting = fresh.intake({"lamp.txt": LAMP}, name="Juniper Lamp")
    openai_server.script(hang, hang)
    for name in ("Kiln Mug", "Tide Teapot"):
        uploads = [fresh.upload("chat.txt", CHAT)["upload_id"]]
        fresh.post("/api/v1/intakes", {"uploads": uploads, "name": name})
    wait_until(
        lambda: [job["status"] for job in fresh.get("/api/v1/jobs")["jobs"]],
        lambda statuses: statuses.count("running") == 2,
    )
    product_id = waiting["result"]["products"][0]["product_id"]
    assert fresh.post(f"/api/v1/products/{product_id}/approve")["status"] == "published"


def test_decisions_at_the_same_time_all_count(fresh: Served):
    job = fresh.intake({"prices.csv": PRICES})
    products = [item["product_id"] for item in job["result"]["products"]]
    with ThreadPoolExecutor(len(products)) as pool:
        decided = pool.map(fresh.post, [f"/api/v1/products/{p}/approve" for p in products])
    assert {document["status"] for document in decided} == {"published"}
    assert fresh.get(f"/api/v1/jobs/{job['job_id']}")["status"] == "succeeded"


def test_a_newer_version_ends_the_wait_for_the_older(fresh: Served):
    older = fresh.intake({"lamp.txt": LAMP}, name="Juniper Lamp")
    newer = fresh.intake({"lamp.txt": LAMP.replace("49", "59")}, name="Juniper Lamp")
    [product] = newer["result"]["products"]
    assert fresh.post(f"/api/v1/products/{product['product_id']}/approve")["version"] == 2
    job = fresh.get(f"/api/v1/jobs/{older['job_id']}")
    assert job["status"] == "succeeded"
    assert [item["status"] for item in job["result"]["products"]] == ["superseded"]


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_a_decision_on_a_version_that_was_overtaken_is_refused(fresh: Served, verb: str):
    fresh.intake({"lamp.txt": LAMP}, name="Juniper Lamp")
    newer = fresh.intake({"lamp.txt": LAMP.replace("49", "59")}, name="Juniper Lamp")
    [product] = newer["result"]["products"]
    path = f"/api/v1/products/{product['product_id']}"
    refused = fresh.http.post(f"{path}/{verb}", params={"version": 1})
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "state_conflict"
    assert fresh.get(path)["status"] == "awaiting_approval"
    decided = fresh.post(f"{path}/{verb}?version=2")
    assert (decided["version"], decided["status"]) != (2, "awaiting_approval")


def test_the_same_material_again_asks_nobody_twice(fresh: Served):
    fresh.intake({"lamp.txt": LAMP}, name="Juniper Lamp", approve=True)
    again = fresh.intake({"lamp.txt": LAMP}, name="Juniper Lamp")
    assert again["status"] == "succeeded"
    assert [item["status"] for item in again["result"]["products"]] == ["published"]
    assert len(fresh.get("/api/v1/products")["products"]) == 1


def test_a_rejected_version_leaves_the_published_one_on_air(fresh: Served):
    fresh.intake({"lamp.txt": LAMP}, name="Juniper Lamp", approve=True)
    dearer = fresh.intake({"lamp.txt": LAMP.replace("49", "59")}, name="Juniper Lamp")
    [product] = dearer["result"]["products"]
    fresh.post(f"/api/v1/products/{product['product_id']}/reject")
    assert "49" in ask(fresh, "How much is it?")["text"]


def test_a_job_is_cancelled_and_goes_on(fresh: Served, openai_server: OpenAIServer):
    openai_server.script(hang)
    uploads = [fresh.upload("chat.txt", CHAT)["upload_id"]]
    job_id = fresh.post("/api/v1/intakes", {"uploads": uploads})["job_id"]
    assert openai_server.came.acquire(timeout=30)
    cancelled = fresh.post(f"/api/v1/jobs/{job_id}/cancel")
    assert cancelled["status"] == "cancelled"
    assert openai_server.left.acquire(timeout=10)
    assert cancelled["error"]["code"] == "job_cancelled"
    assert fresh.http.post(f"/api/v1/jobs/{job_id}/cancel").status_code == 409
    fresh.post(f"/api/v1/jobs/{job_id}/resume")
    assert fresh.settled(job_id)["status"] == "waiting"
    assert fresh.http.post(f"/api/v1/jobs/{job_id}/resume").status_code == 409


def test_the_same_material_finds_its_unfinished_job(fresh: Served):
    first = fresh.intake({"lamp.txt": LAMP}, name="Juniper Lamp")
    again = fresh.intake({"lamp.txt": LAMP}, name="Juniper Lamp")
    assert again["job_id"] == first["job_id"]
    assert len(fresh.get("/api/v1/products")["products"]) == 1


@pytest.mark.models
def test_a_label_photo_brings_facts_with_their_place(fresh: Served):
    files = {path.name: path.read_bytes() for path in sorted(KILN.iterdir())}
    job = fresh.intake(files, name="Kiln Mug", approve=True)
    [product] = job["result"]["products"]
    document = fresh.get(f"/api/v1/products/{product['product_id']}")
    from_label = [
        (path, item)
        for path, evidence in document["evidence"].items()
        for item in evidence
        if item["file"] == "label.jpg"
    ]
    assert from_label
    assert all(item["locator"]["box"] for _, item in from_label)
    source = from_label[0][1]["source"]
    shown = fresh.http.get(f"/api/v1/products/{product['product_id']}/sources/{source}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.content == files["label.jpg"]
