import pytest

from domain.recording import SpeechTag
from tests.api.test_surface import error_of
from tests.serving import Served


@pytest.mark.models
def test_texts_are_tagged_in_order(served: Served):
    texts = ["Good morning everybody, welcome, welcome!", "", "今天只要六十九块九，限时优惠。"]
    answer = served.http.post("/api/v1/tags", json={"texts": texts})
    rows = answer.json()["rows"]
    assert [set(row) for row in rows] == [{"tags", "scores", "by"}] * 3
    assert "greeting" in rows[0]["tags"]
    assert rows[1]["tags"] == []
    assert "price_promo" in rows[2]["tags"]
    assert set(rows[0]["scores"]) == set(SpeechTag)


def test_too_long_a_text_is_named(served: Served):
    answer = served.http.post("/api/v1/tags", json={"texts": ["short", "a" * 30_000]})
    error = error_of(answer, 413)
    assert "text 2" in error["message"]


@pytest.mark.parametrize("body", [{}, {"texts": "one"}, {"texts": [1]}, {"texts": ["a"] * 513}])
def test_another_body_is_refused(served: Served, body: dict[str, object]):
    error_of(served.http.post("/api/v1/tags", json=body), 422)
