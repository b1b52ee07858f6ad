"""Who may talk to the server, and how much at once."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.client import connect
from api.guard import PRIVATE_HOST
from api.serving import serve
from domain.errors import InvalidInput
from domain.settings import Limits, Settings
from tests.serving import Served, serve_home, settings_for

LIMIT = 64 * 1024
TEXT = {"text": "A mug of stoneware."}
CHECK = "/api/v1/check"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for one more name, which takes bodies of at most 64 KiB."""
    home = tmp_path_factory.mktemp("guarded") / "home"
    settings = settings_for(home, None, host="127.0.0.9", limits=Limits(request_bytes=LIMIT))
    with serve_home(settings) as server:
        yield server


def refusal(answer: httpx.Response, status: int) -> tuple[str, str, str]:
    """The code, message and hint of an error in the one shape."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "hint", "details"}
    return error["code"], error["message"], error["hint"]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "LocalHost:5173", "127.0.0.1:1", "[::1]:8765", "[::1]"],
)
def test_the_names_of_this_machine_are_served(small: Served, host: str):
    assert small.http.get("/health", headers={"host": host}).status_code == 200


def test_the_configured_host_is_served(small: Served):
    assert small.http.get("/health", headers={"host": "127.0.0.9:8765"}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "localhost.evil.example",
        "127.0.0.1:x",
        "",
        "::1",
        PRIVATE_HOST,
        f"{PRIVATE_HOST}:8765",
    ],
)
@pytest.mark.parametrize("path", ["/", "/health", "/api/v1/nothing"])
def test_another_host_is_refused(small: Served, host: str, path: str):
    code, message, hint = refusal(small.http.get(path, headers={"host": host}), 403)
    assert code == "forbidden_host"
    assert host in message
    assert "LIVECUE_HOST" in hint


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:1"},
        {"origin": "null"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site"},
    ],
    ids=str,
)
def test_another_site_changes_nothing(small: Served, headers: dict[str, str]):
    assert refusal(small.http.post(CHECK, json=TEXT, headers=headers), 403)[0] == "forbidden_origin"
    removal = small.http.delete("/api/v1/products/x", headers=headers)
    assert refusal(removal, 403)[0] == "forbidden_origin"
    assert small.http.get("/health", headers=headers).status_code == 200


def test_a_private_page_changes_nothing_over_tcp(small: Served):
    page = {"host": "livecue:8765", "origin": "http://livecue:8765"}
    assert refusal(small.http.post(CHECK, json=TEXT, headers=page), 403)[0] == "forbidden_host"


def test_a_command_serves_itself_on_a_private_socket(tmp_path: Path):
    with connect(settings_for(tmp_path / "home", None), "livecue check", print) as client:
        assert not client.request("POST", CHECK, body=TEXT)["violating"]


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_the_console_and_programs_are_served(small: Served, site: str):
    own = {"origin": small.address, "sec-fetch-site": site}
    assert small.http.post(CHECK, json=TEXT, headers=own).status_code == 200
    proxied = {"origin": "http://localhost:5173", "host": "localhost:5173"}
    assert small.http.post(CHECK, json=TEXT, headers=proxied).status_code == 200
    assert small.http.post(CHECK, json=TEXT).status_code == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/", {}), ("/health", {}), ("/api/v1/nothing", {}), ("/health", {"host": "evil.example"})],
)
def test_every_answer_is_marked(small: Served, path: str, headers: dict[str, str]):
    marks = small.http.get(path, headers=headers).headers
    assert marks["content-security-policy"] == "frame-ancestors 'none'"
    assert marks["x-content-type-options"] == "nosniff"
    assert marks["referrer-policy"] == "no-referrer"


def chunks(size: int) -> Iterator[bytes]:
    yield from (b" " * 1024 for _ in range(size // 1024))


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
@pytest.mark.parametrize("key", [None, "body-1"], ids=["plain", "idempotent"])
@pytest.mark.parametrize("path", [CHECK, "/api/v1/answers", "/v1/chat/completions"])
def test_a_body_over_the_limit_is_refused(
    small: Served, path: str, key: str | None, declared: bool
):
    headers = {"content-type": "application/json"} | ({"idempotency-key": key} if key else {})
    body = b" " * (LIMIT + 1) if declared else chunks(4 * LIMIT)
    answer = small.http.post(path, content=body, headers=headers)
    code, message, hint = refusal(answer, 413)
    assert code == "limit_exceeded"
    assert str(LIMIT) in message
    assert "LIVECUE_LIMITS__REQUEST_BYTES" in hint
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_large_body_is_refused_where_none_is_read(small: Served):
    answer = small.http.request("GET", "/health", content=b" " * (LIMIT + 1))
    assert refusal(answer, 413)[0] == "limit_exceeded"


def test_a_body_of_the_limit_and_a_larger_upload_are_taken(small: Served):
    body = b'{"text": "A mug of stoneware."}'
    full = body + b" " * (LIMIT - len(body))
    answer = small.http.post(CHECK, content=full, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    assert small.upload("large.txt", b"x" * (LIMIT * 2))["size"] == LIMIT * 2


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "livecue.example"])  # noqa: S104
def test_other_machines_are_not_let_in(tmp_path: Path, host: str):
    said: list[str] = []
    with pytest.raises(InvalidInput) as refused:
        serve(Settings(home=tmp_path / "home", host=host, port=0), said.append)
    assert "API keys" in refused.value.message
    assert "SSH tunnel" in refused.value.hint
    assert not said
    assert not (tmp_path / "home").exists()
