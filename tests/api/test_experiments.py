"""Experiments over REST: plan, assign, import, report, evaluate, stop, undo."""

from typing import Any

import httpx
import numpy as np
import pytest

from tests.serving import JSON, Served

PATH = "/api/v1/experiments"
PLAN: JSON = {
    "name": "Opening lines",
    "industry": "beauty",
    "variants": [
        {"variant_id": "a", "label": "Greets", "tags": ["greeting", "price_promo"]},
        {"variant_id": "b", "label": "Names the pain", "tags": ["pain_point", "price_promo"]},
    ],
    "metric": {"kind": "binary", "name": "click", "smallest_effect": 0.02},
    "rule": {"min_units": 100},
}


def create(served: Served, ident: str, **changed: Any) -> str:
    return served.post(PATH, {**PLAN, "experiment_id": ident, **changed})["experiment_id"]


def outcomes(units: int, rates: tuple[float, float] = (0.1, 0.25)) -> bytes:
    dice = np.random.default_rng(11)
    lines = ["unit,variant,value,device"]
    for n in range(units):
        arm = int(dice.integers(0, 2))
        value = int(dice.random() < rates[arm])
        lines.append(f"u{n},{'ab'[arm]},{value},{'phone' if n % 3 else 'desktop'}")
    return "\n".join(lines).encode()


def send(served: Served, ident: str, data: bytes, **headers: str) -> httpx.Response:
    return served.http.post(f"{PATH}/{ident}/import", content=data, headers=headers)


def test_an_experiment_runs_from_its_plan_to_what_it_taught(served: Served):
    ident = create(served, "whole")
    assert [one["experiment_id"] for one in served.get(PATH)["experiments"]] == [ident]
    shown = served.post(f"{PATH}/{ident}/assign", {"unit": "v1", "context": {"age": 31}})
    assert served.post(f"{PATH}/{ident}/assign", {"unit": "v1"}) == shown
    assert (shown["propensity"], shown["context"]) == (0.5, {"age": 31.0})
    noted = served.post(f"{PATH}/{ident}/records", {"rows": [{"unit": "v1", "value": 1}]})
    assert (noted["outcomes"], noted["refused"]) == (1, [])
    imported = send(served, ident, outcomes(4000)).json()
    assert (imported["exposures"], imported["refused_rows"]) == (4000, 0)

    report = served.get(f"{PATH}/{ident}/report")
    assert (report["verdict"]["kind"], report["verdict"]["winner"]) == ("winner", "b")
    assert report["counted"] == 4001
    assert report["can"]
    assert report["cannot"]
    early = served.get(f"{PATH}/{ident}/report", as_of="2020-01-01T00:00:00Z")
    assert (early["counted"], early["verdict"]["kind"]) == (0, "not_enough_data")

    by_device = {"feature": "device", "choices": {"phone": "b"}, "otherwise": "a"}
    value = served.post(f"{PATH}/{ident}/evaluate", by_device)
    assert value["dr"]["value"] == pytest.approx(0.2, abs=0.03)

    stopped = served.post(f"{PATH}/{ident}/stop", {})
    assert stopped["experiment"]["status"] == "stopped"
    weights = served.get("/api/v1/template-weights/beauty")
    assert weights["bigrams"]["^>pain_point"] > 0
    undone = served.post(f"{PATH}/{ident}/undo", {})["undone"]
    assert len(undone) == len(stopped["learnt"])
    assert served.get("/api/v1/template-weights/beauty")["bigrams"] == {}


def test_an_import_sent_twice_with_a_key_is_answered_once(served: Served):
    ident = create(served, "twice")
    data = outcomes(50)
    first = send(served, ident, data, **{"idempotency-key": "im-1"})
    again = send(served, ident, data, **{"idempotency-key": "im-1"})
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    other = send(served, ident, data.swapcase(), **{"idempotency-key": "im-1"})
    assert other.status_code == 409
    assert send(served, ident, data).json()["known"] == 50
    undone = [
        served.http.post(f"{PATH}/{ident}/undo", json={}, headers={"idempotency-key": "un-1"})
        for _ in range(2)
    ]
    assert [answer.json() for answer in undone] == [{"undone": []}] * 2
    assert undone[1].headers["idempotency-replayed"] == "true"


def test_rows_that_do_not_fit_are_named(served: Served):
    ident = create(served, "rows")
    found = send(served, ident, b"unit,variant,value\nu1,a,1\nu2,c,1\nu3,a,7\n").json()
    assert found["exposures"] == 1
    assert [refused["row"] for refused in found["refused"]] == [3, 4]
    no_csv = send(served, ident, b"\xff\xfe\x00")
    assert no_csv.status_code == 422
    assert "UTF-8" in no_csv.json()["error"]["message"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"variants": PLAN["variants"][:1]}, "variants"),
        ({"variants": [*PLAN["variants"], PLAN["variants"][0]]}, "id of its own"),
        ({"policy": {"kind": "fixed", "shares": {"a": 0.5, "b": 0.6}}}, "add up to 1"),
        ({"policy": {"kind": "fixed", "shares": {"a": 0.5}}}, "each variant once"),
        ({"policy": {"kind": "thompson", "floor": 0.5001}}, "floor"),
        ({"metric": {**PLAN["metric"], "smallest_effect": 2}}, "percentage point"),
        ({"metric": {**PLAN["metric"], "smallest_effect": 0}}, "smallest_effect"),
        ({"experiment_id": "../x"}, "experiment id"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(served: Served, changed: JSON, told: str):
    answer = served.http.post(PATH, json={**PLAN, **changed})
    assert answer.status_code == 422
    assert told in answer.text


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/none", None, 404),
        ("GET", "/none/report", None, 404),
        ("POST", "/none/assign", {"unit": "u"}, 404),
        ("POST", "/none/stop", {}, 404),
        ("POST", "/none/undo", {}, 404),
        ("POST", "/none/records", {"rows": [{"unit": "u", "value": 1}]}, 404),
        ("POST", "/none/records", {"rows": [{"unit": "u"}]}, 422),
        ("POST", "/none/evaluate", {"shares": {"a": 0.2}}, 422),
    ],
)
def test_what_there_is_not_is_said(
    served: Served, method: str, path: str, body: object, status: int
):
    answer = served.http.request(method, PATH + path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["hint"]
