"""Speech as text: numbers in digits, names as they are spelt."""

from tools.spoken.names import mend_names
from tools.spoken.normalising import normalise_spoken
from tools.spoken.sentences import ends_sentence, part_sentence, write_spoken
from tools.spoken.spellings import collect_spellings

__all__ = [
    "collect_spellings",
    "ends_sentence",
    "mend_names",
    "normalise_spoken",
    "part_sentence",
    "write_spoken",
]
