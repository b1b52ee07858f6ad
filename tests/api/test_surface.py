"""What holds for every route: health, the description, and one shape of error."""

from typing import Any

import httpx
import pytest

from tests.serving import Served


def error_of(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"error"}
    error = body["error"]
    assert set(error) == {"code", "message", "hint", "details"}
    assert error["message"]
    assert error["hint"]
    return error


def test_health_answers_without_a_model_file(served: Served):
    health = served.get("/health")
    assert health["status"] == "ok"
    assert health["owner"]["command"] == "livecue serve"
    assert not served.settings.models_path.exists()


def test_every_route_is_described(served: Served):
    paths = served.get("/openapi.json")["paths"]
    assert {"/api/v1/intakes", "/api/v1/answers", "/v1/chat/completions", "/health"} <= set(paths)
    assert served.http.get("/docs").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1/products/no-such", 404, "not_found"),
        ("GET", "/api/v1/products/no-such/sources/x", 404, "not_found"),
        ("POST", "/api/v1/products/no-such/approve", 404, "not_found"),
        ("POST", "/api/v1/products/no-such/reject", 404, "not_found"),
        ("DELETE", "/api/v1/products/no-such", 404, "not_found"),
        ("GET", "/api/v1/copies/no-such", 404, "not_found"),
        ("GET", "/api/v1/jobs/no-such", 404, "not_found"),
        ("POST", "/api/v1/jobs/no-such/cancel", 404, "not_found"),
        ("POST", "/api/v1/jobs/no-such/resume", 404, "not_found"),
        ("GET", "/api/v1/jobs/no-such/events", 404, "not_found"),
        ("GET", "/api/v1/prompts/no/such", 404, "not_found"),
        ("PUT", "/api/v1/products", 405, "method_not_allowed"),
        ("GET", "/api/v1/jobs?limit=0", 422, "invalid_input"),
        ("GET", "/api/v1/products/search?q=", 422, "invalid_input"),
        ("GET", "/api/v1/products/..%2F..%2Fetc", 404, "not_found"),
    ],
)
def test_errors_have_one_shape(served: Served, method: str, path: str, status: int, code: str):
    assert error_of(served.http.request(method, path), status)["code"] == code


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/intakes", {"uploads": []}),
        ("/api/v1/intakes", {"uploads": ["x"], "publish": True}),
        ("/api/v1/intakes", {"uploads": ["x"], "product_id": "../x"}),
        ("/api/v1/copies", {"product_id": "x", "brief": {"seconds": 1}}),
        ("/api/v1/check", {"text": ""}),
        ("/api/v1/check", {"text": "x", "jurisdictions": ["Mars"]}),
        ("/api/v1/answers", {"question": ""}),
        ("/api/v1/answers", {"question": "   "}),
        ("/v1/chat/completions", {"messages": []}),
        ("/v1/chat/completions", {"messages": [{"role": "tool", "content": "x"}]}),
    ],
)
def test_a_request_that_does_not_fit_names_what_is_wrong(served: Served, path: str, body: object):
    assert error_of(served.http.post(path, json=body), 422)["code"] == "invalid_input"


def test_broken_json_is_named(served: Served):
    answer = served.http.post(
        "/api/v1/check", content=b'{"text": ', headers={"content-type": "application/json"}
    )
    assert "JSON" in error_of(answer, 422)["message"]


def test_an_intake_of_an_unknown_upload_is_not_found(served: Served):
    answer = served.http.post("/api/v1/intakes", json={"uploads": ["file_nope"]})
    assert error_of(answer, 404)["code"] == "not_found"


def test_copy_for_an_unknown_product_starts_no_job(served: Served):
    before = served.get("/api/v1/jobs")
    error_of(served.http.post("/api/v1/copies", json={"product_id": "nope"}), 404)
    assert served.get("/api/v1/jobs") == before


def test_models_are_listed_with_what_serves_them(served: Served):
    models = served.get("/api/v1/models")["models"]
    assert {item["job"] for item in models} >= {"chat", "embedding", "ocr"}


def test_a_model_to_fetch_has_a_name_that_is_known(served: Served):
    before = served.get("/api/v1/jobs")
    error = error_of(served.http.post("/api/v1/models/pull", json={"names": ["nope"]}), 422)
    assert error["code"] == "invalid_input"
    assert "nope" in error["message"]
    assert "chat" in error["hint"]
    assert served.get("/api/v1/jobs") == before


def test_doctor_names_each_check(served: Served):
    report = served.get("/api/v1/doctor")
    assert all(check["message"] for check in report["checks"])
    assert all(check["hint"] for check in report["checks"] if check["state"] == "failed")


def test_prompts_are_listed_shown_linted_and_rendered(served: Served):
    listed = served.get("/api/v1/prompts")
    assert "assistant/route" in {prompt["id"] for prompt in listed}
    shown = served.get("/api/v1/prompts/assistant/route")
    assert shown["ref"] == f"{shown['id']}@{shown['version']}+{shown['hash'][:12]}"
    assert shown["sections"][0][0] == "system"
    assert served.get("/api/v1/prompts/lint") == {"problems": []}
    rendered = served.post("/api/v1/prompts/assistant/route/render", {"turn": "hello there"})
    assert "hello there" in rendered["messages"][-1]["content"]
    error_of(served.http.post("/api/v1/prompts/assistant/route/render", json={}), 500)


def test_a_check_finds_and_mends_a_prohibited_claim(served: Served):
    report = served.post("/api/v1/check", {"text": "This tea cures insomnia!"})
    assert report["violating"]
    assert "cures insomnia" not in report["rewrite"]


def test_the_page_is_served_or_says_how_to_build_it(served: Served):
    page = served.http.get("/")
    assert page.status_code == 200 or "make console" in page.text
