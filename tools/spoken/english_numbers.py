"""Reading a number that is said in English words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

_ONES_IN_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen"
)
_TENS_IN_WORDS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = {word: value for value, word in enumerate(_ONES_IN_WORDS.split("|"))}
_TENS = {word: 10 * value for value, word in enumerate(_TENS_IN_WORDS.split("|"), start=2)}
_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?![A-Za-z])|[A-Za-z]+")
_HALF = ("and", "a", "half")


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case, or a number in digits, at code points `start` to `end`."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A number said in the tokens from `first` up to `end`.

    `composite` when several words make it, `a hundred` aside; `in_digits` when it is written so
    already.
    """

    first: int
    end: int
    value: Decimal
    composite: bool
    in_digits: bool


def cut_tokens(text: str) -> list[Token]:
    """The words and numbers of `text`."""
    return [Token(m.group().lower(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def joined(text: str, tokens: list[Token], at: int) -> bool:
    """Whether nothing but a space or a hyphen stands before the token."""
    return 0 < at < len(tokens) and text[tokens[at - 1].end : tokens[at].start] in (" ", "-")


def read_number(text: str, tokens: list[Token], first: int) -> Spoken | None:
    """The longest number that begins at the token `first`, or None."""
    return _Reader(text, tokens, first).read()


class _Reader:
    """Descends through one number; `at` is the token to be read next."""

    def __init__(self, text: str, tokens: list[Token], first: int) -> None:
        self._text, self._tokens, self._first, self._at = text, tokens, first, first

    def read(self) -> Spoken | None:
        if self._first >= len(self._tokens):
            return None
        in_digits = self._tokens[self._first].word[0].isdigit()
        value = self._digits() if in_digits else self._whole()
        words = self._at - self._first
        decimals = self._decimals()
        if decimals is not None:
            value = (value or Decimal(0)) + decimals
        elif value is None:
            return None
        elif self._follow(*_HALF):
            value += Decimal("0.5")
        changed = self._at - self._first > words
        count = self._at - self._first
        loose = self._tokens[self._first].word == "a" and count == 2  # a hundred times better
        return Spoken(
            self._first, self._at, value, count > 1 and not loose, in_digits and not changed
        )

    def _word(self, ahead: int = 0) -> str:
        at = self._at + ahead
        if at >= len(self._tokens):
            return ""
        if at > self._first and not joined(self._text, self._tokens, at):
            return ""
        return self._tokens[at].word

    def _follow(self, *words: str) -> bool:
        """Steps over the words if they come next."""
        if all(self._word(ahead) == word for ahead, word in enumerate(words)):
            self._at += len(words)
            return True
        return False

    def _digits(self) -> Decimal:
        value = Decimal(self._tokens[self._at].word.replace(",", ""))
        self._at += 1
        return value

    def _whole(self) -> Decimal | None:
        low = self._below_thousand()
        if low is None:
            return None
        if not self._follow("thousand"):
            return Decimal(low)
        return Decimal(1000 * low + (self._rest(self._below_thousand) or 0))

    def _below_thousand(self) -> int | None:
        if self._word() == "a" and self._word(1) in ("hundred", "thousand"):
            self._at += 1
            low: int | None = 1
        else:
            low = self._below_hundred()
        if low is None or not self._follow("hundred"):
            return low
        return 100 * low + (self._rest(self._below_hundred) or 0)

    def _rest(self, read: Callable[[], int | None]) -> int | None:
        """What follows a power: `and` belongs to it only with a number behind."""
        before = self._at
        self._follow("and")
        value = read()
        if value is None or self._word() in ("hundred", "thousand"):
            self._at = before
            return None
        return value

    def _below_hundred(self) -> int | None:
        word = self._word()
        if word in _ONES:
            self._at += 1
            return _ONES[word]
        if word not in _TENS:
            return None
        self._at += 1
        ones = _ONES.get(self._word(), 0)
        if 0 < ones < 10:
            self._at += 1
            return _TENS[word] + ones
        return _TENS[word]

    def _decimals(self) -> Decimal | None:
        """`point five`, `point seven five`, `point seventy-five`, also `point 5`."""
        if self._word() != "point":
            return None
        before = self._at
        self._at += 1
        if self._word().isdigit():
            figures = self._word()
            self._at += 1
            return Decimal(f"0.{figures}")
        figures = ""
        while (value := _ONES.get(self._word(), 10)) < 10:
            figures += str(value)
            self._at += 1
        if not figures and (below := self._below_hundred()) is not None:
            figures = str(below)
        if not figures:
            self._at = before
            return None
        return Decimal(f"0.{figures}")
