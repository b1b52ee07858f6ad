"""What a rewrite changed: exact for any text, quick for any length."""

import time

from hypothesis import given
from hypothesis import strategies as st

from domain.compliance import Mend
from tools.text_diff import find_changes


def changes(before: str, after: str, mended: str | None = None) -> list[tuple[str, str]]:
    """What changed in a text that is one sentence."""
    mend = Mend(start=0, end=len(before), text=after if mended is None else mended, method="cut")
    return [(c.kind, c.text) for c in find_changes(before, [mend], after)]


def test_words_and_chinese_characters_are_the_units() -> None:
    assert changes("the best mug", "the good mug") == [
        ("same", "the "),
        ("removed", "best"),
        ("added", "good"),
        ("same", " mug"),
    ]
    assert changes("全网最好的杯子", "很好的杯子") == [
        ("removed", "全网最"),
        ("added", "很"),
        ("same", "好的杯子"),
    ]


def test_a_single_character_between_changes_is_read_with_them() -> None:
    assert changes("天下第一好的杯子", "非常好用杯子") == [
        ("removed", "天下第一好的"),
        ("added", "非常好用"),
        ("same", "杯子"),
    ]


def test_sentences_that_went_after_the_mend_are_removed_alone() -> None:
    text = "One cup.  Two cups. Three cups."
    mends = [Mend(start=0, end=10, text="A cup.  ", method="cut")]
    runs = [(c.kind, c.text) for c in find_changes(text, mends, "A cup. Three cups.")]
    assert ("removed", "Two cups. ") in runs
    assert runs[-1] == ("same", "Three cups.")


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_both_sides_can_be_read_back(before: str, after: str, mended: str) -> None:
    if not before:
        return
    runs = changes(before, after, mended)
    if before == after:
        assert runs == []
        return
    assert "".join(text for kind, text in runs if kind != "added") == before
    assert "".join(text for kind, text in runs if kind != "removed") == after


def test_a_long_sentence_and_many_take_no_time() -> None:
    sentence = "这是全网最好的杯子。"
    many = sentence * 2800
    mends = [
        Mend(start=at, end=at + len(sentence), text="这是杯子。", method="cut")
        for at in range(0, len(many), len(sentence))
    ]
    begun = time.monotonic()
    assert len(find_changes(many, mends, "这是杯子。" * 2800)) > 2800
    assert len(changes("这是全网最好的杯子，" * 2800, "是很好的杯子，这" * 2800)) > 1
    assert time.monotonic() - begun < 5
