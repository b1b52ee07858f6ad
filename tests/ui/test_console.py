"""The console in Debian's chromium: material in, evidence looked at, approved, asked about."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

MUG = Path(__file__).parents[2] / "examples" / "kiln-mug"

pytestmark = [pytest.mark.browser, pytest.mark.models]


def test_a_product_goes_from_material_to_a_cited_answer(page: Page, tmp_path: Path):
    rows = (MUG / "price-list.csv").read_text().splitlines()
    prices = tmp_path / "price-list.csv"
    prices.write_text("\n".join(row for row in rows if "Kiln Mug" in row or "SKU" in row))
    page.get_by_label("Product material").set_input_files([prices, MUG / "label.jpg"])
    products = page.get_by_role("navigation", name="Products")
    products.get_by_role("button", name="Kiln Mug").click(timeout=60_000)
    record = page.get_by_role("region", name="Product record")
    expect(record.get_by_role("heading", name="Kiln Mug")).to_be_visible()

    record.get_by_role("button", name="label.jpg").first.click()
    photo = record.get_by_role("img").first
    expect(photo).to_be_visible()
    page.wait_for_function("document.querySelector('.picture img').naturalWidth > 0")
    box = record.locator(".picture .box")
    expect(box).to_be_visible()
    outer, inner = photo.bounding_box(), box.bounding_box()
    assert outer is not None
    assert inner is not None
    assert outer["x"] <= inner["x"] <= inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    assert outer["y"] <= inner["y"] <= inner["y"] + inner["height"] <= outer["y"] + outer["height"]

    record.get_by_role("button", name="Approve and publish").click()
    expect(record.get_by_text("published", exact=True)).to_be_visible()

    page.get_by_label("Message").fill("Is the 480 ml Chalk in stock?")
    page.keyboard.press("Enter")
    conversation = page.get_by_role("log")
    expect(conversation).to_contain_text("No", timeout=30_000)
    expect(conversation).to_contain_text("price-list.csv")


def test_a_file_of_an_unknown_kind_is_refused_by_name(page: Page, tmp_path: Path):
    garbage = tmp_path / "broken.bin"
    garbage.write_bytes(bytes(range(256)) * 8)
    page.get_by_label("Product material").set_input_files(str(garbage))
    expect(page.get_by_role("alert")).to_contain_text("broken.bin", timeout=30_000)
    expect(page.get_by_text("No product yet")).to_be_visible()


def test_an_unfinished_message_is_kept_when_the_server_refuses(page: Page):
    page.get_by_label("Message").fill("x" * 200_000)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("LIVECUE_LIMITS__CHAT_CHARS", timeout=30_000)
    expect(page.get_by_label("Message")).not_to_have_value("")
