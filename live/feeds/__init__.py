"""Transcripts and comments that come beside a broadcast, as files that may still grow."""

from live.feeds.feed import Feed
from live.feeds.reading import read_comments, read_transcript
from live.feeds.rows import CommentRow, FeedProblem, Speaker, TranscriptRow

__all__ = [
    "CommentRow",
    "Feed",
    "FeedProblem",
    "Speaker",
    "TranscriptRow",
    "read_comments",
    "read_transcript",
]
