import pytest

from evals.copywriting import find_unsupported_numbers, is_said


@pytest.mark.parametrize(
    ("fact", "line", "said"),
    [
        ("Keeps drinks hot for 12 hours", "Your drinks stay hot, 12 hours.", True),
        ("Keeps drinks hot for 12 hours", "Your drinks stay hot for 10 hours.", False),
        (
            "Double-wall steel, no plastic inside",
            "Look inside: no plastic, double-wall steel.",
            True,
        ),
        ("Double-wall steel, no plastic inside", "Ask me in the comments.", False),
        ("19.9", "In this live it's $19.90.", True),
        ("杯盖可拆开清洗，不留茶垢", "杯盖可以拆开洗，不留茶垢。", True),
        ("杯盖可拆开清洗，不留茶垢", "喜欢的点下方链接。", False),
    ],
)
def test_a_fact_is_said_by_its_numbers_and_most_of_its_words(
    fact: str, line: str, said: bool
) -> None:
    assert is_said(fact, ["Hello there.", line]) == said


def test_numbers_are_held_against_every_fact() -> None:
    facts = ["Weight (2 pcs)", "1,200 g", "19.90"]
    assert find_unsupported_numbers("1200 g, $19.9, 2 pieces, 99 % happy", facts) == ["99"]


@pytest.mark.parametrize("fact", ["About eight weeks", "大约八周", "8 weeks"])
def test_a_number_in_words_is_a_number(fact: str) -> None:
    assert find_unsupported_numbers("8周", [fact]) == []
