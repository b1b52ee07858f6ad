"""What was said, shown and asked in a stream, found again while it runs."""

from tools.memory.searching import MemoryHit, StreamMemory
from tools.memory.time_words import When, read_when

__all__ = ["MemoryHit", "StreamMemory", "When", "read_when"]
