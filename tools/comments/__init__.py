"""Viewers' comments on live frames: found, parted into user and text, clicked, and followed.

`read_frame` takes one OCR pass; `recognize` answers clicks on what it gives in well under a
millisecond; `CommentTracker` tells each comment of a stream once.
"""

from tools.comments.layout import Layout
from tools.comments.recognizing import (
    FrameReading,
    LineReader,
    ReadComment,
    Recognition,
    part_with_comments,
    read_frame,
    recognize,
)
from tools.comments.tracking import CommentTracker, TrackedComment

__all__ = [
    "CommentTracker",
    "FrameReading",
    "Layout",
    "LineReader",
    "ReadComment",
    "Recognition",
    "TrackedComment",
    "part_with_comments",
    "read_frame",
    "recognize",
]
