"""copywriting: check and repair end, and what cannot be mended does not stay."""

import json

from tests.fakes.openai_server import OpenAIServer, Request, answer_minimally
from tests.graph.conftest import LAMP, Home

FORBIDDEN = "The Juniper Lamp cures insomnia and is the best lamp in the world."


def always_forbidden(request: Request) -> str:
    """A writer that never listens."""
    schema = request.get("response_format", {}).get("json_schema", {}).get("schema", {})
    if "text" in schema.get("properties", {}):
        return json.dumps({"text": FORBIDDEN})
    return answer_minimally(request)


async def test_a_writer_that_never_listens_is_cut_off(home: Home, openai_server: OpenAIServer):
    points = "Selling points: dims to a warm glow, stays cool to the touch\n"
    prepared = await home.prepare([("lamp.txt", LAMP + points)], name="Juniper Lamp", approve=True)
    assert prepared.result
    product_id = prepared.result["products"][0]["product_id"]
    openai_server.answer = always_forbidden
    before = len(openai_server.requests)
    brief = {"kind": "script", "tone": "loud", "variants": 2}
    job = await home.run("copy", {"product_id": product_id, "brief": brief})
    assert job.status == "succeeded"
    assert job.result
    calls = len(openai_server.requests) - before
    copies = [home.runtime.deps.copies.get(home.scope, c) for c in job.result["copies"]]
    assert len(copies) == 2
    repairs = home.runtime.settings.preparing.copy_repairs
    for copy in copies:
        assert "insomnia" not in copy.text
        assert "best" not in copy.text
        assert not copy.compliance.violating
        assert copy.status == "from_record"
        assert copy.claims
    lines = sum(len(copy.claims) + len(copy.removals) for copy in copies)
    assert 0 < calls <= lines * (1 + repairs)


async def test_copies_are_checked_again_when_the_product_is_approved(home: Home):
    await home.prepare([("lamp.txt", LAMP)], name="Juniper Lamp")
    deps = home.runtime.deps
    (copy,) = deps.copies.list(home.scope)
    old = copy.model_copy(
        update={"compliance": copy.compliance.model_copy(update={"packs": ["us.old@1"]})}
    )
    deps.copies.save(home.scope, old)
    await home.runtime.runner.decide(home.scope, copy.product_id, approve=True)
    (checked,) = deps.copies.list(home.scope)
    assert checked == copy
