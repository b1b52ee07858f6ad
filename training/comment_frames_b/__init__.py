"""A second hand's live frames, set as web pages: `python -m training.comment_frames_b OUT`."""
