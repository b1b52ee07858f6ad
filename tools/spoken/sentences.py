"""Heard sentences as they would be written: of a readable length, in our spelling."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from domain.language import detect_language
from models.utterances import Utterance, Word
from tools.spoken.names import mend_names
from tools.spoken.normalising import normalise_spoken

_LONGEST = {"zh": 40, "en": 160}
_LEAST_PART = {"zh": 8, "en": 40}
_CLAUSE_END = re.compile(r"[，,；;：:、]\s*$")
_SENTENCE_END = re.compile(r"[。！？!?…]\s*$|\.\s*$")
_KANA = re.compile(r"[\u3040-\u30ff]")
_COMMA_IN_HAN = re.compile(r"(?<=[\u4e00-\u9fff%\d]),(?=[\u4e00-\u9fff])")
_SPACE_IN_HAN = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")


def part_sentence(said: Utterance) -> list[Utterance]:
    """The utterance in parts of a readable length: at commas, else at its longest pause."""
    language = detect_language(said.text)
    least, most = _LEAST_PART[language], _LONGEST[language]
    words = said.words
    if len(said.text) <= most or len(words) < 2:
        return [said]
    lengths = np.cumsum([len(word.text) for word in words])
    places = [
        index
        for index in range(1, len(words))
        if least <= lengths[index - 1] <= lengths[-1] - least
        and not _within_number(words[index - 1], words[index])
    ]
    if not places:
        return [said]

    def fitness(index: int) -> tuple[bool, float]:
        before, after = words[index - 1], words[index]
        balance = abs(lengths[index - 1] / lengths[-1] - 0.5)
        ends = bool(_CLAUSE_END.search(before.text) or _SENTENCE_END.search(before.text))
        return ends, after.start_ms - before.end_ms - 1000 * balance * ends

    cut = max(places, key=fitness)
    return [part for piece in (words[:cut], words[cut:]) for part in part_sentence(_join(piece))]


def write_spoken(text: str, names: Iterable[str]) -> str:
    """What was heard, as it is written here.

    Chinese is in simplified characters, whichever the recogniser chose: speech has no script of its
    own, and records, rules and extractors read simplified. Amounts are in digits
    (`normalise_spoken`), near misses of `names` as these are spelt (`mend_names`).
    """
    if detect_language(text) == "zh" and not _KANA.search(text):
        text = _COMMA_IN_HAN.sub("，", _SPACE_IN_HAN.sub("，", _simplify(text)))
    return mend_names(normalise_spoken(text), names)


def ends_sentence(text: str) -> bool:
    """Whether a text ends with a sentence mark."""
    return _SENTENCE_END.search(text) is not None


def _within_number(before: Word, after: Word) -> bool:
    return before.text.strip()[-1:].isdigit() and after.text.strip()[:1].isdigit()


def _join(words: Sequence[Word]) -> Utterance:
    text = "".join(word.text for word in words).strip()
    return Utterance(words[0].start_ms, words[-1].end_ms, text, tuple(words))


def _simplify(text: str) -> str:
    from opencc import OpenCC

    return OpenCC("t2s").convert(text)
