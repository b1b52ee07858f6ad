"""English sentences start with a large letter, names and abbreviations stay."""

import pytest

from tools.sentence_case import start_sentences


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("it's red. it's 210 g. it holds", "It's red. It's 210 g. It holds"),
        ("It fits. iPhone too.", "It fits. iPhone too."),
        ("The bath has a. pH of 7.", "The bath has a. pH of 7."),
        ("Keep it with tea, spices etc. in the box.", "Keep it with tea, spices etc. in the box."),
        ("Some, e.g. the lid.", "Some, e.g. the lid."),
    ],
)
def test_a_sentence_starts_large(text: str, said: str) -> None:
    assert start_sentences(text) == said
