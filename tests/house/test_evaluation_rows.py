"""The evaluation rows are whole, and phrases are matched as people read them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from evals.answers import find_problems
from evals.gold import Material, read_example_gold, read_intake_gold
from evals.phrases import holds
from evals.report import TABLE_HEAD, EvalReport
from evals.rows import (
    DATA,
    EXAMPLES,
    AnswerRow,
    ComplianceRow,
    RoutingRow,
    Row,
    read_rows,
)

SHAPES: dict[str, type[Row]] = {
    "answers": AnswerRow,
    "compliance": ComplianceRow,
    "routing": RoutingRow,
}


@pytest.mark.parametrize("name", SHAPES)
def test_rows_parse_and_their_number_is_the_one_that_is_told(name: str):
    rows = read_rows(name, SHAPES[name])
    assert len({row.id for row in rows}) == len(rows)
    told = re.search(
        rf"^\| {name}\.jsonl \| (\d+) \|", (DATA / "README.md").read_text("utf-8"), re.M
    )
    assert told is not None
    assert int(told[1]) == len(rows)


def test_about_half_of_the_compliance_rows_are_safe_in_either_language():
    rows = read_rows("compliance", ComplianceRow)
    chinese = [row for row in rows if re.search("[一-鿿]", row.text)]
    latin = [row for row in rows if row not in chinese]
    for group in (chinese, latin):
        assert len(group) >= 50
        assert 0.4 <= sum(row.violating for row in group) / len(group) <= 0.6


def test_answers_are_about_folders_that_have_gold():
    rows = read_rows("answers", AnswerRow)
    assert {row.product for row in rows} <= {material.gold.id for material in read_example_gold()}
    for row in rows:
        assert bool(row.expect) == row.answerable, row.id


def test_every_example_folder_has_gold():
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir()} - {"gold", "broadcast"}
    assert {material.gold.id for material in read_example_gold()} == folders


@pytest.mark.parametrize("read", [read_example_gold, read_intake_gold])
def test_what_may_not_be_stored_is_in_no_fact(read: Callable[[], list[Material]]):
    for material in read():
        for product in material.gold.products:
            for phrase in product.not_stored:
                for fact in product.facts:
                    assert not holds(fact.value, phrase), f"{material.gold.id}: {fact.label}"


def test_the_frozen_gold_is_as_large_and_mixed_as_it_is_told():
    folders = read_intake_gold()
    products = [product for material in folders for product in material.gold.products]
    told = re.search(r"(\d+) products in (\d+) folders", (DATA / "README.md").read_text("utf-8"))
    assert told is not None
    assert (int(told[1]), int(told[2])) == (len(products), len(folders))
    assert len(products) >= 20
    assert len({material.gold.group for material in folders}) >= 8
    assert {material.gold.split for material in folders} == {"dev", "test"}
    assert {material.gold.lang for material in folders} == {"en", "zh"}


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("It is $28.00 now.", "28", True),
        ("It is $28.50 now.", "28", False),
        ("128 left", "28", False),
        ("480 ml", "0", False),
        ("0 left", "0", True),
        ("it costs $1.00", "$1", True),
        ("it costs $19.90", "$1", False),
        ("直播价399元", "9元", False),
        ("约500 克", "500克", True),
        ("weighs 390g", "390 g", True),
        ("200 × 230 cm", "200×230", True),
        ("No, it is sold out", "no", True),
        ("we know", "no", False),
        ("yesterday", "Yes", False),
        ("支持七天退货", "七天", True),
    ],
)
def test_a_phrase_is_matched_as_a_person_reads_it(text: str, phrase: str, expected: bool):
    assert holds(text, phrase) is expected


@pytest.mark.parametrize(
    ("answerable", "status", "text", "problems"),
    [
        (True, "grounded", "It is $19.90.", []),
        (True, "grounded", "It is cheap.", ["phrase"]),
        (True, "abstained", "I do not know.", ["silent"]),
        (True, "grounded", "It is $19.90, free.", ["forbidden"]),
        (True, "grounded", "$19.90 元", ["language"]),
        (False, "abstained", "I do not know.", []),
        (False, "escalated", "I have asked the shop.", []),
        (False, "grounded", "It is $19.90.", ["spoke"]),
    ],
)
def test_an_answer_is_judged(answerable: bool, status: str, text: str, problems: list[str]):
    row = AnswerRow(
        id="x",
        product="kiln-mug",
        question="How much?",
        lang="en",
        kind="price",
        answerable=answerable,
        expect=["19.90"],
        forbid=["free"],
    )
    assert find_problems(row, {"status": status, "text": text}) == problems


def test_a_report_is_a_row_of_the_table():
    columns = TABLE_HEAD.splitlines()[0].count("|")
    measured = EvalReport("job", "data", 4, {"right": 0.5, "wrong": 2})
    absent = EvalReport("job", "data", missing="no data")
    assert measured.as_row() == "| job | data | 4 | right 0.500, wrong 2 |"
    assert absent.as_row() == "| job | data | | not measured: no data |"
    assert measured.as_row().count("|") == absent.as_row().count("|") == columns


def test_every_readme_beside_the_rows_is_there():
    assert {path.suffix for path in Path(DATA).iterdir() if path.is_file()} == {".jsonl", ".md"}
