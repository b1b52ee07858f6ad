"""Rows come in the order of the stream, whoever finds them first."""

from domain.stream import Comment
from live.merging import Merger


def _row(at_ms: int) -> tuple[str, Comment]:
    return f"c{at_ms}", Comment(start_ms=at_ms, user=None, text="hi")


def test_a_row_waits_for_the_slowest_reader() -> None:
    merger = Merger(["speech", "screen"])
    merger.add([_row(500), _row(200)])
    merger.pass_by("speech", 1000)
    assert merger.take() == []
    assert merger.begun_ms == 200
    merger.pass_by("screen", 400)
    assert [row.start_ms for _, row in merger.take()] == [200]
    merger.leave("screen")
    assert [row.start_ms for _, row in merger.take()] == [500]


def test_rows_of_one_moment_come_in_the_order_of_their_keys() -> None:
    orders: list[list[str]] = []
    for names in (("b", "a"), ("a", "b")):
        merger = Merger(["feeds"])
        merger.add((name, Comment(start_ms=7, user=name, text="hi")) for name in names)
        merger.leave("feeds")
        orders.append([key for key, _ in merger.take()])
    assert orders == [["a", "b"], ["a", "b"]]


def test_a_reader_does_not_go_back() -> None:
    merger = Merger(["feeds"])
    merger.pass_by("feeds", 900)
    merger.pass_by("feeds", 300)
    assert merger.passed_ms == 900
