"""Chinese words with a hole, cut short, or back to front, where the text says how to read them.

`中什么海`, `国家那个级`, `治*`, `第……后面那个字`, `倒着念：信微`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from tools.compliance.han import HAN, is_han
from tools.compliance.tracing import PLAIN, UNMASKED, Edit, drop_overlaps

_LONGEST = 6
_HOLE = re.compile(
    r"[什那*×✕○□❌✖$叉](?:(?<=什)么|(?<=那)(?:个|啥|什么)|(?<![什那])[*×✕○□❌✖]{0,2})"
)
_SIGNS = "*×✕○□❌✖$"
_CUT = re.compile(
    r"(?:后面|后边|下一个字|那个字|那个词|我不说全|不说全|字不能说|懂的都懂|你懂的|你们懂|你们懂的)"
)
_BACKWARDS = re.compile(
    r"倒着念|倒着读|倒过来|反着念|反着读|反过来念|反过来读|从后往前|从右往左|倒念|倒读|反读|倒着看|反着看"
)
_MISSPELT = re.compile(
    r"错别?字|打错|写错|谐音|念出(?:声|来)|念一下|念快|读音|读一下|不能写对|不敢写对|同音|拼音|听音"
)
_AMOUNT = re.compile(
    r"(?:[返退转打发给补赚奖送收充付扣]|红包)[你您我他她大家个了到]{0,2}[0-9一二三四五六七八九十百千两几半]{1,5}"
    r"([个块]?米)(?![线粉饭长宽布绳油酒高深远乘])"
    r"|[赚入收卖销粉人月年回本利充破到][了过约近超掉]?[0-9.一二三四五六七八九十两几]{1,5}(个?w)(?![a-z0-9])"
)
"""Money in other words: `返五个米`, `月入3w`."""
_PLAIN_AMOUNTS = {"米": "元", "w": "万"}
_RUN = re.compile(rf"[{HAN}]{{2,}}")


class HintReader:
    """Finds Chinese words that a text gives by hints; `words` are counted.

    Only those of `hidden` are known by what is left of them; of words of two characters only those
    of `parted` with something between them, and those of `starred` with a sign for the second.
    """

    def __init__(
        self,
        words: Mapping[str, int],
        hidden: Iterable[str],
        parted: Iterable[str],
        starred: Iterable[str],
    ) -> None:
        self._words = words
        self._parted = frozenset(parted)
        self._starred = {word[0]: word for word in starred}
        self._hidden = frozenset(hidden)
        self._begun: dict[str, str] = {}
        self._holes: dict[tuple[str, str], str] = {}
        for word in sorted(self._hidden, key=lambda w: (-words.get(w, 0), w)):
            for place in range(len(word)):
                if 2 < len(word) <= _LONGEST:
                    self._holes.setdefault((word[:place], word[place + 1 :]), word)
                if place > 1:
                    self._begun.setdefault(word[:place], word)

    def has_holes(self, text: str) -> bool:
        """True when a word with a hole is met; `text` is folded but for separators."""
        return any(True for _ in self._hole_edits(text))

    def is_hinted(self, text: str) -> bool:
        """True when the text tells how to read it, and a word comes out."""
        return any(True for _ in self._hinted_edits(text))

    def hole_edits(self, text: str) -> list[Edit]:
        """Words with a hole, sorted by place."""
        return drop_overlaps(self._hole_edits(text))

    def hinted_edits(self, text: str) -> list[Edit]:
        """Amounts of money, words cut short or written backwards, sorted by place."""
        return drop_overlaps(self._hinted_edits(text))

    @staticmethod
    def tells_misspelt(text: str) -> bool:
        """True when the text says that its characters are not meant."""
        return _MISSPELT.search(text) is not None

    def _hole_edits(self, text: str) -> Iterator[Edit]:
        for match in _HOLE.finditer(text):
            start, end = match.span()
            if not is_han(text[start - 1 : start] or " "):
                continue
            left, right = _han_before(text, start), _han_after(text, end)
            found = self._filled(left, right, hole=match[0])
            if found is not None:
                word, before, after = found
                yield Edit(start - before, end + after, word, UNMASKED)

    def _filled(self, left: str, right: str, *, hole: str) -> tuple[str, int, int] | None:
        """The longest word around a hole, and how much of both sides belongs to it."""
        is_sign, stands_for = hole[0] in _SIGNS, hole[0] in _SIGNS or hole == "什么"
        for size in range(_LONGEST, 1, -1):
            for before in range(min(len(left), size), 0, -1):
                after = size - before
                if after > len(right):
                    continue
                start, rest = left[len(left) - before :], right[:after]
                if rest and start + rest in (self._words if size > 2 or is_sign else self._parted):
                    return start + rest, before, after
                if stands_for and (rest or is_sign) and (start, rest) in self._holes:
                    return self._holes[start, rest], before, after
        word = self._starred.get(left[-1:]) if hole == "*" and left not in self._words else None
        return None if word is None else (word, 1, 0)

    def _hinted_edits(self, text: str) -> Iterator[Edit]:
        if "米" in text or "w" in text:
            for match in _AMOUNT.finditer(text):
                said = match.lastindex or 1
                yield Edit(*match.span(said), _PLAIN_AMOUNTS[match[said][-1]], PLAIN)
        for match in _CUT.finditer(text):
            before = _han_before(text, match.start())
            for size in range(len(before), 1, -1):
                start = before[len(before) - size :]
                if start in self._hidden:
                    break
                word = self._begun.get(start)
                if word is not None:
                    yield Edit(match.start() - size, match.start(), word, UNMASKED)
                    break
        if _BACKWARDS.search(text) is None:
            return
        for run in _RUN.finditer(text):
            for start in range(run.start(), run.end() - 1):
                for end in range(min(run.end(), start + _LONGEST), start + 1, -1):
                    word = text[start:end][::-1]
                    if word in self._words and text[start:end] not in self._words:
                        yield Edit(start, end, word, UNMASKED)
                        break


def _han_before(text: str, at: int) -> str:
    start = at
    while start > 0 and at - start < _LONGEST and is_han(text[start - 1]):
        start -= 1
    return text[start:at]


def _han_after(text: str, at: int) -> str:
    end = at
    while end < len(text) and end - at < _LONGEST and is_han(text[end]):
        end += 1
    return text[at:end]
