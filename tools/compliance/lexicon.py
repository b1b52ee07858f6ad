"""Common Chinese words: what is ordinary wording, and how a word that is spelt in part may end.

They are the words of two characters among the phrases of pypinyin, which ships them for readings.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache

_MOST_CHANCE = 2_000
"""Words that end with a character, times words that begin with another: from so many on the two are
likely to meet by chance."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of common words.

    `pairs` are words of two characters; `starts` and `ends` count those that begin and end with a
    character.
    """

    pairs: dict[str, None]
    starts: Counter[str]
    ends: Counter[str]

    def is_likely(self, pair: str) -> bool:
        """True when two characters make a word, or may well stand side by side."""
        return pair in self.pairs or self.ends[pair[0]] * self.starts[pair[1]] > _MOST_CHANCE


@cache
def load_lexicon() -> Lexicon:
    """The words, read once."""
    from pypinyin.phrases_dict import phrases_dict

    pairs = {phrase: None for phrase in phrases_dict if len(phrase) == 2}
    return Lexicon(pairs, Counter(a for a, _ in pairs), Counter(b for _, b in pairs))
