"""Which fact of a record a person's answer gives."""

import pytest

from tests.fakes.products import CUP, MUG
from tools.new_facts import suggest_fact


@pytest.mark.parametrize(
    ("question", "answer", "field", "value"),
    [
        ("How heavy is it?", "310 g", "specs.weight", "310 g"),
        ("how long is the battery life", "Two days.", "specs.battery life", "Two days."),
        ("What is the price?", "It is $21.50 now.", "live_price", "21.5"),
        ("Can I return it?", "Yes, within 14 days.", "returns_warranty", "Yes, within 14 days."),
        ("Is it dishwasher safe?", "Top rack only.", "specs.Is it dishwasher safe",
         "Top rack only."),
        ("Do you ship to Norway?", "Yes, for $12.", "specs.Do you ship to Norway", "Yes, for $12."),
        ("does it fit a bike holder", "Yes.", "specs.does it fit a bike holder", "Yes."),
    ],
)  # fmt: skip
def test_the_question_tells_where_it_belongs(question: str, answer: str, field: str, value: str):
    fact = suggest_fact(question, answer, MUG)
    assert fact is not None
    assert (fact.field, fact.value) == (field, value)


def test_a_chinese_question_names_a_chinese_property():
    fact = suggest_fact("保质期多久？", "五年", CUP)
    assert fact is not None
    assert fact.field == "specs.保质期"


def test_a_text_that_is_there_already_is_not_replaced():
    fact = suggest_fact(
        "How heavy is it?",
        "215 g with the lid.",
        MUG.model_copy(update={"specs": {"weight": "210 g"}}),
    )
    assert fact is not None
    assert fact.field == "specs.How heavy is it"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Do you have navy?", "Not yet, it comes next week."),
        ("what sizes are there", "Ask me after the show."),
        ("How much is it?", "It depends on how many you take."),
        ("How much is it?", "$20 for one, $35 for two."),
    ],
)
def test_what_is_no_value_needs_a_person_to_say_it(question: str, answer: str):
    assert suggest_fact(question, answer, MUG) is None
