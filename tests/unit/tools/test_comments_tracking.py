from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from models.ocr import Box, OcrLine
from tools.comments import CommentTracker, FrameReading, Layout, ReadComment, TrackedComment

EM = 20.0
ROW = 36.0
SHOWN = 8
NAMES = ["Ana", "momo", "Bert_7", "小鱼儿", "Tom the plumber"]
TEXTS = [
    "how much is it?",
    "1",
    "多少钱",
    "多少钱一件",
    "does it come in black",
    "love this",
    "买过，好用",
]


def place(user: str | None, text: str, y: float, x: float = 20.0) -> ReadComment:
    box: Box = (x, y, x + 10 * len(text), y + 1.3 * EM)
    corners = ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3]))
    return ReadComment(user, text, box, 0.95, (OcrLine(text, 0.95, box, corners),), box)


def frame(comments: Sequence[ReadComment], kind: str = "inline") -> FrameReading:
    layout = Layout("flying" if kind == "flying" else "inline", (0, 0, 400, 400), EM)
    return FrameReading(tuple(comments), layout, 0.0, ())


def list_of(said: Sequence[tuple[str, str]]) -> FrameReading:
    """The last `SHOWN` of what was said, the newest at the bottom."""
    shown = said[-SHOWN:]
    top = 600 - ROW * len(shown)
    return frame([place(user, text, top + ROW * i) for i, (user, text) in enumerate(shown)])


def told(tracker: CommentTracker, frames: Sequence[FrameReading]) -> list[TrackedComment]:
    found: list[TrackedComment] = []
    for number, reading in enumerate(frames):
        found.extend(tracker.update(reading, number * 1000))
    return found + tracker.close()


def pairs(comments: Sequence[TrackedComment]) -> list[tuple[str | None, str]]:
    return [(c.user, c.text) for c in sorted(comments, key=lambda c: c.id)]


@settings(deadline=None)
@given(
    said=st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(TEXTS)), min_size=1, max_size=30
    ),
    steps=st.lists(st.integers(0, SHOWN - 2), min_size=1, max_size=12),
)
def test_a_scrolling_list_is_told_once_and_whole(said: list[tuple[str, str]], steps: list[int]):
    """Repeats next to each other while both scroll are one reader's guess; they are left out."""
    said = [one for i, one in enumerate(said) if one not in said[max(0, i - SHOWN) : i]]
    seen, frames = min(len(said), 2), list[FrameReading]()
    frames.append(list_of(said[:seen]))
    for step in steps:
        seen = min(len(said), seen + step)
        frames.append(list_of(said[:seen]))
    assert pairs(told(CommentTracker(), frames)) == said[:seen]


def test_a_comment_is_told_in_the_second_frame_that_shows_it():
    tracker = CommentTracker()
    reading = list_of([("Ana", "how much is it?")])
    assert tracker.update(reading, 0) == []
    (comment,) = tracker.update(reading, 1000)
    assert (comment.first_seen_ms, comment.last_seen_ms, comment.readings) == (0, 1000, 2)
    assert tracker.update(reading, 2000) == []


def test_a_slip_of_the_ocr_makes_no_second_comment_and_most_frames_decide():
    tracker = CommentTracker(settle=3)
    frames = [
        list_of([("Bert_7", text), ("Ana", "love this")])
        for text in ("does it come in bIack", "does it come in black", "does it come in black")
    ]
    assert pairs(told(tracker, frames)) == [
        ("Bert_7", "does it come in black"),
        ("Ana", "love this"),
    ]


def test_the_same_words_of_another_or_again_are_comments_of_their_own():
    said = [("Ana", "1"), ("momo", "1"), ("Bert_7", "多少钱"), ("Ana", "1")]
    frames = [list_of(said[: count + 1]) for count in range(len(said)) for _ in range(2)]
    assert pairs(told(CommentTracker(), frames)) == said


def test_a_comment_missed_in_one_frame_is_not_told_again():
    said = [("Ana", "how much is it?"), ("momo", "love this"), ("Bert_7", "多少钱")]
    full = list_of(said)
    holed = frame([full.comments[0], full.comments[2]])
    assert pairs(told(CommentTracker(), [full, full, holed, full, full])) == said


def test_what_is_left_of_a_comment_that_scrolls_out_is_no_comment():
    whole = place("Ana", "can you compare it with the old model", 100)
    below = place("momo", "love this", 160)
    left = place(None, "with the old model", 70)
    after = place("momo", "love this", 130)
    frames = [frame([whole, below])] * 2 + [frame([left, after])] * 3
    found = pairs(told(CommentTracker(), frames))
    assert found == [("Ana", "can you compare it with the old model"), ("momo", "love this")]


def test_a_list_that_is_covered_for_a_while_is_not_told_again():
    said = [("Ana", "how much is it?"), ("momo", "love this")]
    empty = frame([])
    frames = [list_of(said)] * 2 + [empty] * 10 + [list_of(said)] * 2
    assert pairs(told(CommentTracker(), frames)) == said


def test_a_flying_comment_is_read_whole_while_it_enters_and_leaves():
    text = "can you compare it with the old model"
    frames = [
        frame([place(None, text[:12], 40, x=900)], "flying"),
        frame([place(None, text, 40, x=500)], "flying"),
        frame([place(None, text, 40, x=200)], "flying"),
        frame([place(None, text[14:], 40, x=0)], "flying"),
    ]
    assert pairs(told(CommentTracker(), frames)) == [(None, text)]


def test_flying_comments_alike_in_two_lanes_or_one_after_the_other_are_two():
    first = [
        frame([place(None, "多少钱", 40, x=x), place(None, "多少钱", 90, x=x)], "flying")
        for x in (900, 600, 300)
    ]
    again = [frame([place(None, "多少钱", 40, x=x)], "flying") for x in (950, 650)]
    assert pairs(told(CommentTracker(), [*first, *again])) == [(None, "多少钱")] * 3


def test_a_chat_too_fast_to_be_seen_twice_is_told_whole():
    tracker = CommentTracker()
    count = 0
    for second in range(100):
        said = [(f"user{second}{i}", f"number {second * SHOWN + i}") for i in range(SHOWN)]
        count += len(tracker.update(list_of(said), second * 700))
        assert len(tracker.visible) == SHOWN
    count += len(tracker.close())
    assert count == 100 * SHOWN
    assert tracker.visible == ()
