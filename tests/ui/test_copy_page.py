"""The page of a product's copies: written, read with its facts, cancelled, written again."""

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.fakes.openai_server import OpenAIServer, hang
from tests.serving import JSON, Served

LAMP: JSON = {
    "product_id": "lamp",
    "version": 1,
    "status": "published",
    "record": {
        "name": "Juniper Lamp",
        "live_price": 49.0,
        "currency": "USD",
        "materials": ["oak"],
        "selling_points": ["dims to a warm glow", "stays cool to the touch"],
    },
    "evidence": {
        "materials[0]": [{"source": "s1", "file": "lamp.txt", "quote": "made of oak"}],
    },
}
BOAST = "the best lamp in the world"

pytestmark = [pytest.mark.browser, pytest.mark.models]


def open_copies(page: Page, served: Served, product: JSON) -> Locator:
    served.post("/api/v1/products/import?approve=true", product)
    page.reload()
    page.get_by_role("link", name="Copy").click()
    return page.get_by_role("region", name="Copy", exact=True)


def write(copies: Locator) -> None:
    copies.get_by_role("button", name="Write", exact=True).click()


def written(served: Served) -> list[JSON]:
    return served.get("/api/v1/copies", product_id="lamp")["copies"]


def test_each_sentence_shows_the_facts_behind_it(page: Page, served: Served):
    copies = open_copies(page, served, LAMP)
    expect(copies).to_contain_text("No copy yet")
    copies.get_by_label("Seconds").fill("45")
    copies.get_by_label("Tone").fill("calm")
    write(copies)
    facts = copies.get_by_role("region", name="Facts")
    expect(facts).to_be_visible(timeout=60_000)
    [copy] = written(served)
    assert (copy["brief"]["seconds"], copy["brief"]["tone"]) == (45, "calm")
    sentences = copies.locator(".words").get_by_role("button")
    assert sentences.all_inner_texts() == [claim["text"] for claim in copy["claims"]]
    shown = "".join(copies.locator(".words").all_inner_texts())
    assert "".join(shown.split()) == "".join(copy["text"].split())

    oak = next(i for i, c in enumerate(copy["claims"]) if c["facts"] == ["materials[0]"])
    sentences.nth(oak).focus()
    page.keyboard.press("Enter")
    expect(sentences.nth(oak)).to_have_attribute("aria-pressed", "true")
    expect(facts).to_contain_text("materials[0]")
    expect(facts).to_contain_text("oak")
    expect(facts).to_contain_text("lamp.txt: “made of oak”")
    price = next(i for i, c in enumerate(copy["claims"]) if "live_price" in c["facts"])
    sentences.nth(price).click()
    expect(facts).to_contain_text("49")
    expect(facts).not_to_contain_text("oak")

    copies.get_by_role("button", name="Copy the text").click()
    expect(copies.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == copy["text"]


def test_a_reply_shows_its_comment_and_what_the_record_leaves_open(page: Page, served: Served):
    copies = open_copies(page, served, LAMP)
    copies.get_by_label("Kind").select_option("Comment reply")
    comment = copies.get_by_label("Comment to answer")
    write(copies)
    assert comment.evaluate("field => !field.validity.valid")
    comment.fill("How much is it? Does it come in blue?")
    write(copies)
    expect(copies).to_contain_text("$49", timeout=60_000)
    expect(copies.locator("q").first).to_have_text("How much is it? Does it come in blue?")
    expect(copies.get_by_role("list", name="Before you use it")).to_contain_text(
        "the record does not settle “Does it come in blue?”"
    )
    assert len(written(served)) == 1


def test_facts_are_those_of_the_version_that_was_read(page: Page, served: Served):
    copies = open_copies(page, served, LAMP)
    write(copies)
    facts = copies.get_by_role("region", name="Facts")
    expect(facts).to_be_visible(timeout=60_000)
    body = {"field": "live_price", "value": "45", "approve": True}
    served.post("/api/v1/products/lamp/corrections", body)
    page.reload()
    copies.locator(".words").get_by_role("button").filter(has_text="$49").click()
    expect(facts).to_contain_text("live_price49")
    expect(copies).to_contain_text(
        "Check it again before you use it: it was written from version 1"
    )


def test_a_sentence_that_a_rule_took_out_can_be_kept_and_written_again(page: Page, served: Served):
    points = {"selling_points": [BOAST, "dims to a warm glow"]}
    copies = open_copies(page, served, LAMP | {"record": LAMP["record"] | points})
    copies.get_by_label("Platform", exact=True).fill("taobao")
    write(copies)
    copies.get_by_text("Taken out, and why").click(timeout=60_000)
    assert all(BOAST not in copy["text"] for copy in written(served))
    removed = copies.locator(".removals li").filter(has_text="rule cn.absolute").first
    with page.expect_request("**/api/v1/check") as checked:
        removed.get_by_role("button", name="Keep this wording…").click()
    assert json.loads(checked.value.post_data or "")["jurisdictions"] == ["CN", "platform"]
    form = removed.get_by_role("form", name="Keep this wording")
    expect(form.get_by_label("Only for Juniper Lamp")).to_be_checked()
    form.get_by_label("Why it may stay").fill("The jury's words.")
    form.get_by_role("button", name="Keep this wording").click()
    removed.get_by_role("button", name="Write again").click()
    expect(copies.locator("summary b")).to_have_count(2, timeout=60_000)
    newest, first = written(served)
    assert BOAST in newest["text"]
    assert BOAST not in first["text"]
    expect(copies.locator("details[open] .words mark").first).to_have_text(BOAST)
    expect(copies).to_contain_text("The jury's words.")


def test_work_is_followed_after_a_reload_and_can_be_cancelled(
    page: Page, served: Served, openai_server: OpenAIServer
):
    openai_server.script(*[hang] * 50)
    copies = open_copies(page, served, LAMP)
    write(copies)
    expect(copies.get_by_role("status").first).to_contain_text("writing script for Juniper Lamp")
    page.reload()
    expect(copies.get_by_role("status").first).to_contain_text("writing script for Juniper Lamp")
    expect(copies.get_by_role("button", name="Writing…")).to_be_disabled()
    copies.get_by_role("button", name="Cancel").click()
    expect(copies.get_by_role("status").first).to_contain_text("Cancelled", timeout=30_000)
    expect(copies.get_by_role("button", name="Write", exact=True)).to_be_enabled()
    [job] = served.get("/api/v1/jobs")["jobs"]
    assert job["status"] == "cancelled"


def test_a_phone_shows_all_of_it(page: Page, served: Served):
    page.set_viewport_size({"width": 360, "height": 740})
    copies = open_copies(page, served, LAMP)
    write(copies)
    copies.locator(".words").get_by_role("button").first.click(timeout=60_000)
    facts = copies.get_by_role("region", name="Facts")
    expect(facts).to_contain_text("Juniper Lamp")
    expect(facts).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
