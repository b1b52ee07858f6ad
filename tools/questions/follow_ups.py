"""Questions that cannot be understood alone: `and in black?`, `那大号呢`.

What such a question leaves out is taken from the viewer's question before it: of the same class of
thing (a colour, a size, a place) the new one stands in the place of the old one, else the new words
follow the old question.
"""

import re
from collections.abc import Sequence

from tools.questions.reading import QuestionReading
from tools.questions.variants import find_word

_REFERS = re.compile(
    r"^\s*(?:(?:and|or|but|so|what about|how about|same for|also)\b"
    r"(?! (?:how|what|when|where|is|do|can)\b.{12,})"
    r"|(?:那|那么|还有|那要是|那如果)(?!个|款|种)|.{1,8}呢\s*[?？]?\s*$)"
    r"|\b(?:that one|the other one|the other|this one|same)\b[^?]{0,12}\??\s*$"
    r"|(?:另外一个|另一个|别的|其他的?|同样)(?:颜色|尺码)?呢?",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\s*(?:and|or|but|so|ok|okay|what about|how about|also|same for|那么?|还有|要是|如果)"
    r"\s*[,，]?\s*",
    re.IGNORECASE,
)
_COMPLETE = re.compile(
    r"\b(?:is|are|does|do|did|can|could|will|would|has|have|got|any|how|what|which|when|where|why)\b"
    r"|[吗么嘛不没]|有|多|几|什么|啥|怎么|哪|谁",
    re.IGNORECASE,
)
"""Has a verb or asks for something by itself."""
_CLASSES = ("colour", "size", "country", "material", "group", "care")
_OPEN_KINDS = frozenset({"open", "colour", "size", "group", "origin"})
"""Asks for no field of its own."""
_FEW = 3
"""A question of so few words of its own leans on the one before."""


def complete_question(
    question: str, previous: Sequence[str], listed: Sequence[Sequence[str]] = ()
) -> str:
    """The question with what it leaves out, or as it is where it stands by itself.

    `listed` are lists of which one stands for another: the record's colours, its sizes.
    """
    if not previous:
        return question
    reading = QuestionReading(question)
    before = QuestionReading(complete_question(previous[-1], previous[:-1], listed))
    if not _leans(question, reading):
        return question
    for values in listed:
        new, old = _named(values, question), _named(values, before.text)
        if len(new) == 1 and len(old) == 1:
            return before.text.replace(old[0], new[0])
    for cls in _CLASSES:
        new, old = reading.entities(cls), before.entities(cls)
        if len(new) == 1 and len(old) == 1:
            return before.text[: old[0].start] + new[0].text + before.text[old[0].end :]
    rest = _OPENING.sub("", question).strip()
    return f"{before.text.rstrip('?？ ')} {rest}"


def _named(values: Sequence[str], text: str) -> list[str]:
    """How a text writes the values that it names."""
    spans = [span for value in values if (span := find_word(value, text)) is not None]
    return [text[start:end] for start, end in spans]


def _leans(question: str, reading: QuestionReading) -> bool:
    if reading.kind not in _OPEN_KINDS:
        return False
    if _REFERS.search(question) and len(reading.content) <= 2 * _FEW:
        return True
    if not reading.content:
        return True
    return len(reading.content) <= _FEW and not _COMPLETE.search(question)
