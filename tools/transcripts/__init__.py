"""What is said in a recording, in sentences with the times of their words."""

from tools.transcripts.hearing import HeardChunks, Hearing
from tools.transcripts.watched import find_watched
from tools.transcripts.writing import write_utterances

__all__ = ["HeardChunks", "Hearing", "find_watched", "write_utterances"]
