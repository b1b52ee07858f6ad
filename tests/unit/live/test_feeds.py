"""Transcripts and comments: formats, bad lines, order, and files that grow."""

import json
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import InvalidInput, LimitExceeded, NotFound
from domain.settings import Streaming
from live.feeds import CommentRow, TranscriptRow, read_comments, read_transcript

SETTINGS = Streaming()
Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


def test_transcript_rows_are_exact_and_sorted(write: Write):
    path = write(
        "host.jsonl",
        '\ufeff{"t": 2.0095, "speaker": "host", "text": "now  $19"}\r\n\r\n'
        '{"t": 1, "speaker": "screen", "text": "限时 ¥199", "product_id": "p1", "lang": "zh"}\n'
        '{"t": 0.1, "speaker": "guest", "text": "hi\\u0000"}',
    )
    feed = read_transcript(path, SETTINGS)
    assert list(feed) == [
        TranscriptRow(100, None, "guest", "hi"),
        TranscriptRow(1000, None, "screen", "限时 ¥199", "p1"),
        TranscriptRow(2009, None, "host", "now $19"),
    ]
    assert feed.problems == []


def test_a_bad_line_is_named_and_the_rest_goes_on(write: Write):
    bad = [
        "{",
        "[1]",
        '{"t": NaN, "text": "x"}',
        '{"t": -1, "text": "x"}',
        '{"t": 1e300, "text": "x"}',
        '{"t": "1", "text": "x"}',
        '{"t": true, "text": "x"}',
        '{"t": 1}',
        '{"t": 1, "text": " "}',
        '{"t": 1, "text": "' + "y" * 5000 + '"}',
        "z" * 100_000,
        "[" * 10_000,
        '{"t": ' + "9" * 3000 + ', "text": "x"}',
    ]
    good = '{"t": 7, "user": "ana", "text": "how much?"}'
    feed = read_comments(write("c.jsonl", "\n".join([*bad, good])), SETTINGS)
    assert list(feed) == [CommentRow(7000, "ana", "how much?")]
    assert [problem.line for problem in feed.problems] == list(range(1, len(bad) + 1))
    assert str(feed.problems[0]).startswith("c.jsonl, line 1: ")


def test_broken_utf8_costs_letters_not_lines(write: Write):
    path = write("c.jsonl", b'{"t": 1, "user": null, "text": "a\xff\xe5b"}\n')
    assert list(read_comments(path, SETTINGS)) == [CommentRow(1000, None, "a\ufffd\ufffdb")]


def test_srt(write: Write):
    path = write(
        "s.srt",
        "1\r\n00:00:01,500 --> 00:00:03,000\r\n<i>Hello</i>\r\n{\\an8}there\r\n\r\n"
        "2\r\n00:00:04,000 -> 00:00:05,000\r\nbad\r\n\r\n"
        "00:00:06,000 --> 00:00:05,000\r\nback\r\n\r\n"
        "3\r\n01:00:00,5 --> 01:00:01,000\r\nlast",
    )
    feed = read_transcript(path, SETTINGS)
    assert list(feed) == [
        TranscriptRow(1500, 3000, "host", "Hello there"),
        TranscriptRow(3_600_500, 3_601_000, "host", "last"),
    ]
    assert [problem.line for problem in feed.problems] == [6, 10]


def test_vtt_with_voices(write: Write):
    path = write(
        "s.vtt",
        "WEBVTT - x\n\nNOTE no cue\n\nSTYLE\n::cue{}\n\nid\n00:01.000 --> 00:02.000 align:start\n"
        "<v Maya>It is &lt;5 g\n<v.loud Tom>and <b>blue</b></v>\n\n"
        "00:03.000 --> 00:04.000\n<v Screen>SALE\n\n00:05.000 --> 00:06.000\n<v maya>Bye",
    )
    assert list(read_transcript(path, SETTINGS)) == [
        TranscriptRow(1000, 2000, "host", "It is <5 g"),
        TranscriptRow(1000, 2000, "guest", "and blue"),
        TranscriptRow(3000, 4000, "screen", "SALE"),
        TranscriptRow(5000, 6000, "host", "Bye"),
    ]


def test_danmaku(write: Write):
    path = write(
        "d.xml",
        '<?xml version="1.0" encoding="UTF-8"?><i><chatserver>x</chatserver>\n'
        '<d p="12.5,1,25,16777215,1,0,abc,1">多少钱</d>\n'
        '<d p="1.25,1,25,1,1,0,u2,1" user="小红">好看\x08吗</d>\n'
        '<d p="3,7,25,1,1,0,u3,1">[0,0,"1-1",4.5,"飞",0]</d><d p="4,8,1">code</d>\n'
        '<d p="x,1">bad</d>\n'
        '<d p="5,1,1,1,1,1,u">a < b & c &amp; d</d>\n'
        '<sc ts="7" user="big">paid</sc>\n<d p="6,1,1,1,1,1,u">cut off',
    )
    feed = read_comments(path, SETTINGS)
    assert list(feed) == [
        CommentRow(1250, "小红", "好看吗"),
        CommentRow(3000, "u3", "飞"),
        CommentRow(5000, "u", "a < b & c & d"),
        CommentRow(6000, "u", "cut off"),
        CommentRow(7000, "big", "paid"),
        CommentRow(12_500, "abc", "多少钱"),
    ]
    assert [problem.line for problem in feed.problems] == [5, 8]


def test_entities_are_refused_before_they_grow(write: Write):
    bomb = '<?xml version="1.0"?><!DOCTYPE i [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    feed = read_comments(write("d.xml", bomb + '<i><d p="1,1">&b;</d></i>'), SETTINGS)
    with pytest.raises(InvalidInput, match="entities"):
        list(feed)


def test_many_comments_stay_cheap(write: Write):
    rows = "".join(f'<d p="{i / 10},1,25,1,1,0,u{i},1">多少钱{i}</d>\n' for i in range(20_000))
    feed = read_comments(write("d.xml", f"<i>{rows}</i>"), SETTINGS)
    assert [row.text for row in feed][-1] == "多少钱19999"
    assert feed.problem_count == 0


def test_formats_are_known_by_name_or_beginning(write: Write):
    assert list(read_comments(write("a.txt", ' {"t": 1, "text": "x"}'), SETTINGS))
    assert list(read_comments(write("b.txt", '<i><d p="1,1">x</d></i>'), SETTINGS))
    assert list(read_transcript(write("c.txt", "WEBVTT\n\n00:01.0 --> 00:02.0\nx"), SETTINGS))
    with pytest.raises(InvalidInput):
        read_comments(write("d.txt", "words"), SETTINGS)
    with pytest.raises(InvalidInput):
        read_transcript(write("e.xml", "<i/>"), SETTINGS)
    with pytest.raises(InvalidInput):
        read_comments(write("f.srt", ""), SETTINGS)
    with pytest.raises(NotFound):
        read_comments(Path("none.jsonl"), SETTINGS)


def test_more_rows_than_allowed_are_refused(write: Write):
    path = write("c.jsonl", '{"t": 1, "text": "x"}\n' * 4)
    with pytest.raises(LimitExceeded, match="3 rows"):
        list(read_comments(path, Streaming(feed_rows=3)))


def line_of(at: float, text: str) -> str:
    return json.dumps({"t": at, "user": "u", "text": text}) + "\n"


def test_a_growing_file_is_followed_in_order(write: Write):
    path = write("c.jsonl", line_of(0, "0"))
    settings = Streaming(feed_poll_seconds=0.01, feed_reorder_ms=1000)
    feed = read_comments(path, settings, follow=True)
    order = [at / 2 for at in range(1, 400)]
    mixed = sorted(order, key=lambda at: at + random.Random(at).uniform(0, 0.99))  # noqa: S311
    assert mixed != order

    def grow() -> None:
        with path.open("a") as file:
            for at in mixed:
                whole = line_of(at, str(at))
                file.write(whole[:9])
                file.flush()
                file.write(whole[9:])
            file.write(line_of(5, "too late"))
            file.write(line_of(210, "after"))
            file.flush()

    threading.Thread(target=grow).start()
    taken: list[str] = []
    for row in feed:
        taken.append(row.text)
        if row.text == "after":
            feed.close()
    assert taken == ["0", *(str(at) for at in order), "after"]
    assert [problem.line for problem in feed.problems] == [401]


def test_closing_ends_the_following(write: Write):
    feed = read_comments(write("c.jsonl", ""), Streaming(feed_poll_seconds=0.01), follow=True)
    threading.Timer(0.1, feed.close).start()
    assert list(feed) == []


def test_a_followed_danmaku_file_gives_rows_before_its_end(write: Write):
    path = write("d.xml", '<i>\n<d p="1,1,25,1,1,0,u,1">first</d>\n')
    feed = read_comments(path, Streaming(feed_poll_seconds=0.01, feed_reorder_ms=50), follow=True)
    taken: list[str] = []
    for row in feed:
        taken.append(row.text)
        if row.text == "first":
            with path.open("a") as file:
                file.write('<d p="2,1,25,1,1,0,u,1">second</d>')
        else:
            feed.close()
    assert taken == ["first", "second"]
