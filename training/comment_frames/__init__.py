"""Rendered live frames to develop `tools/comments` on: `python -m training.comment_frames OUT`."""
