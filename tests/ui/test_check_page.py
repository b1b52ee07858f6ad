"""The page that checks a text: marks, reasons, rewrite, and wordings that a person keeps."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.fakes.openai_server import OpenAIServer, Request, answer_minimally
from tests.serving import JSON, Served

BOAST = "😀 The best mug in the world! It holds 350 ml."
BOAST_ZH = "😀这是全网最低价的面霜。净含量50克。"

pytestmark = [pytest.mark.browser, pytest.mark.models]

UNCHANGED = ":scope > span:not(:has(del, ins))"
AFTER = f"""part => [...part.querySelectorAll("ins, {UNCHANGED}")]
    .map(one => one.textContent).join("")"""


@pytest.fixture(autouse=True)
def check_page(page: Page, served: Served) -> None:
    page.get_by_role("link", name="Check a text").click()
    expect(page.get_by_role("heading", name="Check a text")).to_be_visible()


def check(page: Page, text: str) -> Locator:
    """The result's region, once it is there."""
    page.get_by_label("Text", exact=True).fill(text)
    return press_check(page)


def press_check(page: Page) -> Locator:
    result = page.get_by_role("region", name="Result")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(result).to_have_attribute("aria-busy", "false", timeout=60_000)
    return result


def report_on(served: Served, text: str, **options: object) -> JSON:
    return served.post("/api/v1/check", {"text": text, **options})


def keep(result: Locator, reason: str) -> None:
    result.get_by_role("button", name="Keep this wording…").first.click()
    form = result.get_by_role("form", name="Keep this wording")
    send = form.get_by_role("button", name="Keep this wording")
    expect(send).to_be_disabled()
    form.get_by_label("Why it may stay").fill(reason)
    send.click()
    expect(form).to_have_count(0)


def has_nothing_beyond(page: Page, width: int) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("text", [BOAST, BOAST_ZH])
def test_what_violates_is_marked_where_it_stands_and_rewritten(
    page: Page, served: Served, text: str
):
    report = report_on(served, text)
    quotes = {text[f["start"] : f["end"]].strip(" ,.!。！") for f in report["findings"]}
    result = check(page, text)
    marked = result.get_by_role("group", name="Checked text").get_by_role("button")
    assert set(marked.all_inner_texts()) <= quotes
    assert "😀" not in "".join(marked.all_inner_texts())
    for finding in report["findings"]:
        expect(result.get_by_text(finding["rule"], exact=True).first).to_be_visible()
        expect(result.get_by_text(finding["reason"], exact=True).first).to_be_visible()
        expect(result.get_by_text(finding["suggestion"]).first).to_be_visible()

    changes = result.get_by_role("group", name="Changes")
    assert changes.evaluate(AFTER) == report["rewrite"]
    kept = changes.locator(UNCHANGED).all_inner_texts()
    assert any("350 ml" in one or "净含量50克" in one for one in kept)
    result.get_by_role("button", name="Copy", exact=True).click()
    expect(result.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == report["rewrite"]

    result.get_by_role("button", name="Use it in the text").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(report["rewrite"])
    expect(result).to_contain_text("has changed since")
    press_check(page)
    expect(result.get_by_role("status")).to_contain_text("Nothing found")
    expect(result.get_by_role("button")).to_have_count(0)


def test_a_mark_and_its_finding_choose_each_other(page: Page):
    result = check(page, f"{BOAST} It cures acne.")
    marks = result.get_by_role("group", name="Checked text").get_by_role("button")
    items = result.get_by_role("list", name="Findings").locator("button.finding")
    assert marks.count() == items.count() > 1
    last = marks.count() - 1
    marks.nth(last).focus()
    page.keyboard.press("Enter")
    expect(items.nth(last)).to_have_attribute("aria-pressed", "true")
    expect(items.nth(0)).to_have_attribute("aria-pressed", "false")
    items.nth(0).press("Space")
    expect(marks.nth(0)).to_have_attribute("aria-pressed", "true")
    expect(marks.nth(last)).to_have_attribute("aria-pressed", "false")


def test_only_the_chosen_jurisdictions_count(page: Page, served: Served):
    text = "国家级配方，净含量50克。"
    assert not report_on(served, text, jurisdictions=["US", "EU", "platform"])["findings"]
    assert report_on(served, text, jurisdictions=["CN"])["violating"]
    status = check(page, text).get_by_role("status")
    expect(status).to_contain_text("violation")
    page.get_by_label("China").uncheck()
    press_check(page)
    expect(status).to_contain_text("Nothing found")
    for name in ("United States", "European Union", "Platform rules"):
        page.get_by_label(name).uncheck()
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_disabled()


def test_a_kept_wording_passes_until_it_is_withdrawn(page: Page, served: Served):
    result = check(page, BOAST)
    status = result.get_by_role("status")
    expect(status).to_contain_text("violation")
    keep(result, "Quoted from the prize of 2025.")
    expect(status).to_contain_text("Kept. Checked again. No violation")
    expect(result).to_contain_text("Kept by local")
    expect(result.get_by_role("group", name="Changes")).to_have_count(0)
    assert not report_on(served, BOAST)["violating"]

    listed = page.get_by_role("region", name="Kept wordings")
    expect(listed).to_contain_text("Quoted from the prize of 2025.")
    expect(listed).to_contain_text("Every text")
    withdraw = listed.get_by_role("button", name="Withdraw")
    while withdraw.count():
        before = withdraw.count()
        withdraw.first.click()
        expect(withdraw).to_have_count(before - 1)
    expect(status).not_to_contain_text("No violation")
    assert report_on(served, BOAST)["violating"]
    assert served.get("/api/v1/overrides")["overrides"] == []
    listed.get_by_text("Withdrawn (").click()
    expect(listed).to_contain_text("withdrawn by local")


def test_a_wording_is_kept_for_one_product_alone(page: Page, served: Served):
    lamp = {"product_id": "lamp", "version": 1, "status": "published", "record": {"name": "Lamp"}}
    served.post("/api/v1/products/import", lamp)
    page.reload()
    page.get_by_role("combobox", name="Product").select_option("Lamp")
    result = check(page, BOAST)
    keep(result, "The lamp's prize.")
    expect(result.get_by_role("status")).to_contain_text("No violation")
    expect(page.get_by_role("region", name="Kept wordings")).to_contain_text("Only Lamp")
    assert not report_on(served, BOAST, product_id="lamp")["violating"]
    assert report_on(served, BOAST)["violating"]


def test_withdrawing_says_what_still_keeps_the_wording(page: Page, served: Served):
    lamp = {"product_id": "lamp", "version": 1, "status": "published", "record": {"name": "Lamp"}}
    served.post("/api/v1/products/import", lamp)
    rule, quote = next(
        (f["rule"], BOAST_ZH[f["start"] : f["end"]])
        for f in report_on(served, BOAST_ZH)["findings"]
        if f["severity"] == "violation"
    )
    body = {"rule": rule, "quote": quote, "text": BOAST_ZH, "reason": "A prize."}
    served.post("/api/v1/overrides", body | {"product_id": "lamp"})
    served.post("/api/v1/overrides", body)
    page.reload()
    listed = page.get_by_role("region", name="Kept wordings")
    listed.get_by_role("listitem").filter(has_text="Every text").get_by_role("button").click()
    expect(listed.get_by_role("status")).to_contain_text("stays kept: Only Lamp")


def test_only_the_rules_that_are_ticked_are_overridden(page: Page, served: Served):
    rules = {f["rule"] for f in report_on(served, BOAST_ZH)["findings"]}
    assert len(rules) > 1
    result = check(page, BOAST_ZH)
    result.get_by_role("button", name="Keep this wording…").first.click()
    form = result.get_by_role("form", name="Keep this wording")
    for box in form.get_by_role("checkbox").all()[1:]:
        box.uncheck()
    form.get_by_label("Why it may stay").fill("Quoted.")
    form.get_by_role("button", name="Keep this wording").click()
    expect(result.get_by_role("status")).to_contain_text("Kept. Checked again.")
    expect(result.get_by_role("status")).not_to_contain_text("No violation")
    assert len(served.get("/api/v1/overrides")["overrides"]) == 1


def test_the_models_words_are_shown_as_such(page: Page, openai_server: OpenAIServer):
    def reword(request: Request) -> str:
        schema = request.get("response_format", {}).get("json_schema", {}).get("schema", {})
        if "text" in schema.get("properties", {}):
            return json.dumps({"text": "It keeps the skin soft."})
        return answer_minimally(request)

    openai_server.answer = reword
    page.get_by_label("Let the model rewrite").check()
    result = check(page, "It cures acne and keeps the skin soft.")
    result.get_by_text("Sentences: 1 reworded by the model").click()
    expect(result).to_contain_text("checked again")
    expect(result.get_by_role("group", name="Changes").locator("del")).to_have_text(
        "cures acne and "
    )


def test_a_text_that_is_too_long_is_told_before_it_is_sent(page: Page, served: Served):
    form = page.get_by_role("form", name="Text to check")
    limit = served.settings.limits.check_chars
    expect(form).to_contain_text(f"0 of {limit:,} characters")
    long = "a" * (limit + 1)
    page.get_by_label("Text", exact=True).fill(long)
    expect(form.get_by_role("alert")).to_contain_text(f"{limit + 1:,} of {limit:,}")
    expect(form.get_by_role("alert")).to_contain_text("LIVECUE_LIMITS__CHECK_CHARS")
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_disabled()
    expect(page.get_by_label("Text", exact=True)).to_have_value(long)
    page.get_by_label("Text", exact=True).fill("a" * limit)
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_enabled()


def test_an_error_takes_the_place_of_an_old_result(page: Page):
    result = check(page, BOAST)
    expect(result.get_by_role("list", name="Findings")).to_be_visible()
    error = {"code": "home_busy", "message": "The home is busy.", "hint": "Wait."}
    page.route("**/api/v1/check", lambda route: route.fulfill(status=503, json={"error": error}))
    check(page, "A plain mug.")
    expect(result.get_by_role("alert")).to_contain_text("The home is busy.")
    expect(result.get_by_role("list", name="Findings")).to_have_count(0)


def test_text_files_are_read_and_others_refused_by_name(page: Page, tmp_path: Path):
    field = page.get_by_label("Text", exact=True)
    result = page.get_by_role("region", name="Result")
    chinese = tmp_path / "host.txt"
    chinese.write_bytes(BOAST_ZH.encode("gb18030"))
    page.get_by_label("Text file").set_input_files(chinese)
    expect(field).to_have_value(BOAST_ZH)
    expect(result.get_by_role("status")).to_contain_text("host.txt, read as gb18030")

    dropped = page.evaluate_handle(
        """() => {
            const held = new DataTransfer();
            held.items.add(new File(["dropped, 350 ml"], "page.txt", { type: "text/plain" }));
            return held;
        }"""
    )
    field.dispatch_event("drop", {"dataTransfer": dropped})
    expect(field).to_have_value("dropped, 350 ml")

    garbage = tmp_path / "photo.txt"
    garbage.write_bytes(bytes(range(256)))
    page.get_by_label("Text file").set_input_files(garbage)
    expect(result.get_by_role("alert")).to_contain_text("photo.txt is not a text file")
    expect(field).to_have_value("dropped, 350 ml")


def test_a_phone_shows_all_of_it(page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    result = check(page, f"{BOAST} {'long' * 40}")
    result.get_by_role("button", name="Keep this wording…").first.click()
    expect(result.get_by_role("form", name="Keep this wording")).to_be_visible()
    assert has_nothing_beyond(page, 360)
