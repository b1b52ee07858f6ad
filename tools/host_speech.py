"""What a host says, cut into clauses, and which of these state nothing of the goods on air.

Speech comes as it was transcribed, often without signs: then conjunctions and words that begin a
clause part it. Amounts are read in digits. The words are data: `host_speech.yaml`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from tools.spoken import normalise_spoken

_FILE = Path(__file__).with_suffix(".yaml")
_SENTENCE = re.compile(r"[^.!?。！？…\n]+(?:\.(?=\d)[^.!?。！？…\n]+)*[.!?。！？…]*")
_COMMA = re.compile(
    r"(?<!\d)[,，、](?!\d)|(?<=\d)[,，、](?!\d)|(?<!\d)[,，、](?=\d)|[;；:：—]+(?!\d)"
)
_ONE_OF = re.compile(r"(?<=[一二三四五六七八九十百千\d])一(?=[盒件个套双瓶罐条只袋包斤把支床盏口])")
"""`一百二十八一盒`: a price and then what it is for."""
_METRES = re.compile(r"(?<![\d.一二三])([一二两三])米零([一二三四五六七八九])")
_HAN_DIGITS = dict(zip("一二三四五六七八九两", "1234567892", strict=True))
_SHORT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bcan['’]t\b"), "cannot"),
    (re.compile(r"\bwon['’]t\b"), "will not"),
    (re.compile(r"n['’]t\b"), " not"),
    (re.compile(r"['’]ll\b"), " will"),
    (re.compile(r"['’]re\b"), " are"),
    (re.compile(r"['’]m\b"), " am"),
    (re.compile(r"['’]ve\b"), " have"),
    (
        re.compile(
            r"\b(it|that|there|here|what|who|he|she|everything|shipping|delivery|postage|price|one)['’]s\b"
        ),
        r"\1 is",
    ),
    (re.compile(r"\b(?:gonna|gon na)\b"), "going to"),
    (re.compile(r"\bgotta\b"), "have to"),
    (re.compile(r"\bwanna\b"), "want to"),
)
_SIGNS = " \t,，、.!?。！？…;；:：—"


@dataclass(frozen=True)
class Clause:
    """A clause in digits, in lower case, with the sentence as it was said.

    `before` and `after` are its neighbours in the sentence. What a clause that is `asked`,
    `reported`, of `others`, `past` or `unreal` says does not hold of the goods on air and now.
    """

    text: str
    sentence: str
    before: str = ""
    after: str = ""
    asked: bool = False
    reported: bool = False
    others: bool = False
    past: bool = False
    unreal: bool = False

    @property
    def holds(self) -> bool:
        """Whether the host states what it says."""
        return not (self.asked or self.reported or self.others or self.past or self.unreal)


def read_clauses(text: str) -> list[Clause]:
    """The clauses of an utterance, in order."""
    return [clause for sentence in _SENTENCE.findall(text) for clause in _read(sentence)]


def is_correction(text: str) -> bool:
    """Whether the host takes back what was said just before (`sorry, I meant`, `刚才说错了`)."""
    return says("correction", text)


def says(kind: str, text: str) -> bool:
    """Whether a text holds one of the expressions of `kind` in `host_speech.yaml`."""
    return _patterns(_FILE)[kind].search(text) is not None


@cache
def read_expressions(file: Path) -> Mapping[str, Sequence[re.Pattern[str]]]:
    """The expressions of a YAML file of lists, each compiled by itself, letter case aside."""
    lists = cast("dict[str, list[str]]", yaml.safe_load(file.read_text(encoding="utf-8")))
    return {
        name: [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
        for name, patterns in lists.items()
    }


def find_first(patterns: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    """The earliest match of any of `patterns`."""
    found = [match for pattern in patterns if (match := pattern.search(text))]
    return min(found, key=lambda match: match.start(), default=None)


def _read(sentence: str) -> Iterator[Clause]:
    spoken = _METRES.sub(lambda m: f"{_HAN_DIGITS[m[1]]}.0{_HAN_DIGITS[m[2]]}米 ", sentence)
    plain = normalise_spoken(_ONE_OF.sub(" 一", _write_out(spoken.lower()))).strip()
    asked = plain.endswith(("?", "？"))
    texts = [part for part in _parts(plain) if part.strip(_SIGNS)]
    unreal = reported = others = False
    for index, text in enumerate(texts):
        unreal = unreal or says("unreal", text)
        others = says("others", text) or (others and says("of_the_same", text))
        reported = (reported or says("reported", text)) and not says("answers", text)
        yield Clause(
            text=text.strip(_SIGNS),
            sentence=sentence.strip(),
            before=texts[index - 1].strip(_SIGNS) if index else "",
            after=texts[index + 1].strip(_SIGNS) if index + 1 < len(texts) else "",
            asked=(asked and index == len(texts) - 1) or says("asking", text.strip(_SIGNS)),
            reported=reported,
            others=others,
            past=says("past", text),
            unreal=unreal,
        )


def _write_out(text: str) -> str:
    """English contractions in full."""
    for short, long in _SHORT:
        text = short.sub(long, text)
    return text


def _parts(plain: str) -> Iterator[str]:
    for part in _COMMA.split(plain):
        start = 0
        for cut in _patterns(_FILE)["begins"].finditer(part):
            if part[start : cut.start()].strip():
                yield part[start : cut.start()]
                start = cut.start()
        yield part[start:]


@cache
def _patterns(file: Path) -> Mapping[str, re.Pattern[str]]:
    lists = cast("dict[str, list[str]]", yaml.safe_load(file.read_text(encoding="utf-8")))
    return {
        kind: re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
        for kind, patterns in lists.items()
    }
