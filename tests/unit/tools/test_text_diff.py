from hypothesis import given
from hypothesis import strategies as st

from tools.text_diff import find_changes


def test_words_and_chinese_characters_are_the_units() -> None:
    assert find_changes("the best mug", "the good mug") == [
        ("same", "the "),
        ("removed", "best"),
        ("added", "good"),
        ("same", " mug"),
    ]
    assert find_changes("全网最好的杯子", "很好的杯子") == [
        ("removed", "全网最"),
        ("added", "很"),
        ("same", "好的杯子"),
    ]


@given(st.text(max_size=40), st.text(max_size=40))
def test_both_sides_can_be_read_back(before: str, after: str) -> None:
    changes = find_changes(before, after)
    assert "".join(text for kind, text in changes if kind != "added") == before
    assert "".join(text for kind, text in changes if kind != "removed") == after
