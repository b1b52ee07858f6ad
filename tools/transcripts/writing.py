"""Sentences with words, written as they are kept: mended, readable, their words in step."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from domain.stream import SpokenWord, Utterance
from models.utterances import Utterance as Heard
from models.utterances import Word, group_words
from tools.spoken import part_sentence, write_spoken

_DANGLING = " ,，、"


def write_utterances(
    words: Sequence[Word], names: Sequence[str], *, timed: bool = True
) -> list[Utterance]:
    """The sentences that the words make, in our spelling, names as `names` have them.

    A sentence ends with its mark or before a pause; one that goes on and on is parted. The words of
    an utterance joined are its text but for outer spaces: where several were written as one
    (`three hundred fifty` as `350`), they are one, from the first's beginning to the last's end.
    Where words are not `timed`, each stands for a sentence, and utterances have none.
    """
    return [
        written
        for said in group_words(words)
        for part in part_sentence(said)
        if (written := _write(part, names, timed=timed)) is not None
    ]


def _write(said: Heard, names: Sequence[str], *, timed: bool) -> Utterance | None:
    text = write_spoken(said.text.strip().rstrip(_DANGLING), names)
    if not any(char.isalnum() for char in text):
        return None
    return Utterance(
        start_ms=said.start_ms,
        end_ms=said.end_ms,
        text=text,
        words=tuple(
            SpokenWord(start_ms=word.start_ms, end_ms=word.end_ms, text=word.text)
            for word in (respell(said.words, text) if timed else ())
        ),
    )


def respell(words: Sequence[Word], text: str) -> list[Word]:
    """The words with the letters of `text`, which writes the same otherwise.

    A border between two words stays where `text` agrees on one of its sides; within a stretch that
    is written otherwise there is none, so its words become one.
    """
    if not words:
        return []
    said = "".join(word.text for word in words)
    text = said[: len(said) - len(said.lstrip())] + text
    placed = {0: 0, len(said): len(text)}
    for _, a, b, c, d in SequenceMatcher(None, said, text, autojunk=False).get_opcodes():
        placed.setdefault(a, c)
        if b - a == d - c:
            placed.update(zip(range(a, b), range(c, d), strict=True))
        placed[b] = d
    respelt: list[Word] = []
    begun, end, first = 0, 0, 0
    for index, word in enumerate(words):
        end += len(word.text)
        if end not in placed:
            continue
        letters = text[placed[begun] : placed[end]]
        if letters.strip():
            respelt.append(replace(word, start_ms=words[first].start_ms, text=letters))
            first, begun = index + 1, end
        elif respelt:
            respelt[-1] = replace(respelt[-1], end_ms=word.end_ms)
            first, begun = index + 1, end
    return respelt
