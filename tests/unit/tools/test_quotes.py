import pytest

from domain.evidence import Locator, Passage, SourceKind
from tools.quotes import find_quote, find_words


def passage(text: str, line: int = 1, kind: SourceKind = "text") -> Passage:
    return Passage(source_id="s", file="t", kind=kind, text=text, locator=Locator(line=line))


@pytest.mark.parametrize(
    ("value", "text", "words"),
    [
        ("Kiln Mug", "The KILN  MUG is here", "KILN  MUG"),
        ("100%桑蚕丝", "填充物：１００％ 桑蚕丝", "１００％ 桑蚕丝"),
        ("桑蚕丝 夏凉被", "品名：桑蚕丝夏凉被", "桑蚕丝夏凉被"),
        ("the host's mug", "it is the host’s mug", "the host’s mug"),
        ("the Mug by Kiln", "the **Mug** by Kiln", "the **Mug** by Kiln"),
        ("5-7 days", "in 5–7 days", "5–7 days"),
    ],
)
def test_found_in_other_shapes_and_quoted_as_it_stands(value: str, text: str, words: str) -> None:
    quote = find_words(value, [passage(text)])
    assert quote is not None
    assert quote.words == words
    assert quote.evidence.quote == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("cap", "large capacity"),
        ("1", "it costs 19.9"),
        ("9", "it costs 19.9"),
        ("19", "it costs 19.9"),
        ("350 ml", "1350 ml"),
        ("best mug", "a mug"),
        ("", "anything"),
        ("  ", "anything"),
    ],
)
def test_not_found(value: str, text: str) -> None:
    assert find_quote(value, [passage(text)]) is None


def test_a_value_over_two_lines_is_found_at_the_first() -> None:
    evidence = find_quote("Emberlow Kiln Mug", [passage("EMBERLOW", 1), passage("Kiln Mug", 2)])
    assert evidence is not None
    assert evidence.locator.line == 1
    assert evidence.quote == "EMBERLOW\nKiln Mug"


def test_lines_of_different_sources_are_not_joined() -> None:
    other = passage("Kiln Mug").model_copy(update={"source_id": "other"})
    assert find_quote("Emberlow Kiln Mug", [passage("EMBERLOW"), other]) is None


def test_a_reading_error_is_forgiven_in_a_photo_only() -> None:
    value, text = "lead-free reactive glaze", "Iead-free reactive glaze"
    assert find_quote(value, [passage(text, kind="image")]) is not None
    assert find_quote(value, [passage(text)]) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("battery of 5000 mAh inside", "battery of 6000 mAh inside"),
        ("lead-free reactive glaze", "lead-rich reactive blaze"),
        ("silk", "sink"),
    ],
)
def test_digits_and_larger_errors_are_never_forgiven(value: str, text: str) -> None:
    assert find_quote(value, [passage(text, kind="image")]) is None


def test_the_quote_of_a_long_passage_is_the_sentence() -> None:
    text = "Filler sentence here. " * 20 + "It is made of clay. " + "More filler. " * 20
    evidence = find_quote("made of clay", [passage(text)])
    assert evidence is not None
    assert evidence.quote == "It is made of clay."
