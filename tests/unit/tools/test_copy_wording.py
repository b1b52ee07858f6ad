"""What cannot be said in the copy's language stands in brackets; a mere name does not."""

import pytest

from domain.product import Fact
from tools.copy_wording import Wording


@pytest.mark.parametrize(
    ("value", "lang", "said"),
    [
        ("USB Type-C", "zh", "USB Type-C"),
        ("12W单元配两个被动振膜，低音有力", "en", "(12W单元配两个被动振膜，低音有力)"),
        ("50%音量下续航约10小时", "en", "(50%音量下续航约10小时)"),
        ("Stitched by hand", "zh", "(Stitched by hand)"),
        ("Stitched by hand.", "en", "Stitched by hand"),
    ],
)
def test_foreign_words_are_bracketed_unless_they_are_a_name(
    value: str, lang: str, said: str
) -> None:
    fact = Fact(field="selling_points[0]", value=value)
    wording = Wording(lang)
    assert wording.say(fact) == said
    assert wording.is_bracketed(fact) is said.startswith("(")
