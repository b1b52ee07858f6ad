"""Utterances as speech recognition writes them: no marks, homophones, words lost and doubled."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from pypinyin import lazy_pinyin

_FILLERS = {
    "zh": ("那个", "嗯", "啊", "就是", "然后", "对吧", "这个"),
    "en": ("um", "uh", "like", "you know", "so", "okay so"),
}
_MARKS = re.compile(r"[^\w\s'%$¥]|_")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_UNMARKED = 0.75
_HOMOPHONE = 0.05
_LOST = 0.015
_DOUBLED = 0.015
_MISSPELT = 0.05
_FILLED = 0.3
_ALIKE = 8


class Mishearing:
    """Turns texts into what a recogniser may have heard; `texts` give the homophones to choose."""

    def __init__(self, texts: Iterable[str], seed: int = 1) -> None:
        self._rng = random.Random(seed)  # noqa: S311
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            for char in _HAN.findall(text):
                counts[lazy_pinyin(char)[0]][char] += 1
        self._alike = {
            sound: [char for char, _ in found.most_common(_ALIKE)]
            for sound, found in counts.items()
            if len(found) > 1
        }

    def hear(self, text: str, lang: str) -> str:
        """One hearing of `text`; never blank."""
        heard = text
        if self._rng.random() < _UNMARKED:
            heard = _MARKS.sub("" if lang == "zh" else " ", heard)
        units = list(heard) if lang == "zh" else heard.split()
        said: list[str] = []
        for unit in units:
            if self._rng.random() < _LOST:
                continue
            said.append(self._mishear(unit, lang))
            if self._rng.random() < _DOUBLED:
                said.append(said[-1])
        if self._rng.random() < _FILLED:
            said.insert(self._rng.randrange(len(said) + 1), self._rng.choice(_FILLERS[lang]))
        return ("" if lang == "zh" else " ").join(said).strip() or text

    def _mishear(self, unit: str, lang: str) -> str:
        if lang == "zh":
            if _HAN.match(unit) and self._rng.random() < _HOMOPHONE:
                return self._rng.choice(self._alike.get(lazy_pinyin(unit)[0], [unit]))
            return unit
        if len(unit) <= 4 or self._rng.random() >= _MISSPELT:
            return unit
        at = self._rng.randrange(1, len(unit) - 1)
        rest = (
            unit[at + 1 :] if self._rng.random() < 0.5 else unit[at + 1] + unit[at] + unit[at + 2 :]
        )
        return unit[:at] + rest
