"""Guards: what may not be in a clip, each a named rejection with its reason and quote."""

from tools.clip_guards.clip_text import Said, Shown, read_said, read_shown, spell
from tools.clip_guards.lawful import Check, find_unlawful
from tools.clip_guards.stale_claims import find_stale
from tools.clip_guards.standalone import find_references
from tools.clip_guards.word_safe import find_cut_words

__all__ = [
    "Check",
    "Said",
    "Shown",
    "find_cut_words",
    "find_references",
    "find_stale",
    "find_unlawful",
    "read_said",
    "read_shown",
    "spell",
]
