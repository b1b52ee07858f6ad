"""Cutting passages into sentences: who speaks and what markup surrounds them is left out."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.evidence import Evidence, Passage
from tools.extraction.labels import UNKNOWN, Label, LabelField, fold_label, read_label

_STAMP = (
    r"\[?\(?(?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?,?\s*)?(?:[上下]午)?\d{1,2}:\d{2}(?::\d{2})?\s*(?"
    r":[AaPp]\.?[Mm]\.?)?\)?\]?"
)
_STAMP_FIRST = re.compile(rf"\s*{_STAMP}(?:\s*[-–]\s*|\s+)(?P<who>[^:：]{{1,30}}?)\s*[:：]\s*")
_STAMP_AFTER = re.compile(rf"\s*(?P<who>[^:：\d]{{1,30}}?)\s*{_STAMP}\s*[:：]\s*")
_STAMP_ONLY = re.compile(rf"\s*(?:[^:：\d]{{1,30}}?\s*)?{_STAMP}(?:\s*[^:：\d]{{1,30}})?\s*")
_SPEAKER = re.compile(r"\s*(?P<who>[^:：,，.。!?！？]{1,20})[:：]\s*(?=\S)")
_MARKUP_START = re.compile(r"[\s>#*+•·●◆■★☆✅✔▪–—-]+(?=\S)|\s*(?:\d{1,2}[.)、]|[①-⑳])\s*")
_BRACKETED = re.compile(r"[【\[](?P<label>[^】\]]{1,20})[】\]]\s*(?P<value>\S.*)", re.DOTALL)
_LABELLED = re.compile(
    r"[【\[*_]*(?P<label>[^:：|。！？!?；;，,]{1,40}?)[】\]*_]*\s*[:：][*_]*\s*(?P<value>\S.*)",
    re.DOTALL,
)
_LABEL_ONLY = re.compile(
    r"\s*#+\s*(?P<hash>[^#]+?)[\s#]*[:：]?\s*|\s*[【\[](?P<bracket>[^】\]]+)[】\]]\s*"
    r"|\s*\*\*(?P<bold>[^*]+?)[:：]?\*\*[:：]?\s*|\s*(?P<colon>[^:：。！？!?，,]{1,40})[:：]\s*"
)
_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;])[\"”’)]?\s+(?=[\"“(A-Z\d\u3400-\u9fff])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:no|nos|approx|e\.g|i\.e|vs|dr|mr|ms|st|incl|excl|max|min|ca))\.\s*$", re.I
)
_QUESTION = re.compile(
    r"[?？][\s\"”)）]*$|(?:吗|呢|怎么说|多少钱|有没有|能不能|可不可以|是不是|怎么样)[。！~\s]*$"
    r"|^(?:how (?:much|many|long|big|do|does)|what(?:'s| is| are| about)|do (?:you|i|we|they)"
    r"|does (?:it|the|this)"
    r"|can (?:i|you|it|we)|could (?:i|you|we)|is (?:it|there|this)|are (?:they|there"
    r"|these))\b[^.!]*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage; `text` stands in the passage exactly as it is.

    `label` is what stands in front of it (`Weight: …`), as written; `meaning` what that stands
    for. `section` is the field of the heading above it, None without one that is known. `first`
    tells that it opens its passage.
    """

    passage: Passage
    text: str
    label: str | None = None
    meaning: Label = UNKNOWN
    section: LabelField | None = None
    first: bool = True

    @property
    def evidence(self) -> Evidence:
        """The sentence, with its label, as evidence."""
        if self.label is None:
            return self.passage.evidence(self.text)
        start = self.passage.text.find(self.label)
        end = self.passage.text.find(self.text, start) + len(self.text)
        while start > 0 and self.passage.text[start - 1] in "*_【[":
            start -= 1
        return self.passage.evidence(self.passage.text[start:end].strip())

    @property
    def is_question(self) -> bool:
        """Asks and does not tell."""
        return _QUESTION.search(self.text) is not None


def read_sentences(passages: Sequence[Passage]) -> list[Sentence]:
    """The sentences of all passages that are no table rows, in order.

    Headings are not sentences; they give the sentences below them their `section`, until an empty
    stretch of chat or another heading.
    """
    prose = [passage for passage in passages if passage.cells is None]
    speakers = _find_speakers(prose)
    found: list[Sentence] = []
    section: LabelField | None = None
    for passage in prose:
        body, spoken = _strip_speaker(passage.text, speakers)
        if not body:
            continue
        heading = _heading(body)
        if heading is not None and not spoken:
            section = heading.field
            if section is None and body.lstrip().startswith("#"):
                found.append(Sentence(passage, body.lstrip("# \t").strip()))
            continue
        if spoken:
            section = None
        found.extend(_split(passage, body, section))
    return found


def _split(passage: Passage, body: str, section: LabelField | None) -> list[Sentence]:
    body = _MARKUP_START.sub("", body, count=1) if _MARKUP_START.match(body) else body
    body = body.strip().removesuffix("**").strip()
    label, meaning = None, UNKNOWN
    if (match := _BRACKETED.match(body) or _LABELLED.match(body)) and "//" not in match["value"][
        :2
    ]:
        known = read_label(match["label"])
        if known.field is not None or _looks_like_label(match["label"], match["value"]):
            label, meaning, body = match["label"].strip(" *_【["), known, match["value"].strip()
    sentences: list[Sentence] = []
    for index, text in enumerate(cut_sentences(body)):
        if index == 0:
            sentences.append(Sentence(passage, text, label, meaning, section))
        else:
            carried = meaning.field if meaning.field in _LIST_LABELS else section
            sentences.append(Sentence(passage, text, section=carried, first=False))
    return sentences


_LIST_LABELS = frozenset(
    {"selling_points", "usage", "warnings", "returns_warranty", "shipping", "promotion"}
)


def cut_sentences(text: str) -> list[str]:
    """`text` at its full stops (and Chinese or spaced semicolons), abbreviations respected."""
    parts: list[str] = []
    start = 0
    for match in _END.finditer(text):
        if _ABBREVIATION.search(text[start : match.start()]):
            continue
        if text.count('"', start, match.start()) % 2 and '"' in text[match.start() :]:
            continue
        parts.append(text[start : match.end()].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _heading(body: str) -> Label | None:
    match = _LABEL_ONLY.fullmatch(body)
    if match is None:
        known = read_label(body, whole=True) if body.lstrip("-*• ") == body else None
        return known if known and known.field in _LIST_LABELS else None
    return read_label(next(group for group in match.groups() if group))


def _looks_like_label(label: str, value: str) -> bool:
    """A property's name is short and its value no sentence."""
    words = label.strip(" *_").split()
    han = sum("\u3400" <= char <= "\u9fff" for char in label)
    if not words or value[:1] in ('"', "“", "「"):
        return False
    return (han <= 8 and len(words) <= 2) if han else len(words) <= 4 and len(value.split()) <= 14


def _strip_speaker(text: str, speakers: frozenset[str]) -> tuple[str, bool]:
    """`text` without the stamp and name of a chat export, and whether it had them."""
    if _STAMP_ONLY.fullmatch(text):
        return "", True
    for pattern in (_STAMP_FIRST, _STAMP_AFTER):
        if match := pattern.match(text):
            return text[match.end() :], True
    if (match := _SPEAKER.match(text)) and fold_label(match["who"]) in speakers:
        return text[match.end() :], True
    return text, False


def _find_speakers(passages: Sequence[Passage]) -> frozenset[str]:
    """Who writes in a chat without times: a name, no known label, that opens several lines."""
    counts = Counter(
        fold_label(match["who"])
        for passage in passages
        if passage.kind == "text"
        and (match := _SPEAKER.match(passage.text))
        and read_label(match["who"]).field is None
        and not passage.text.lstrip().startswith(("#", "-", "*"))
    )
    return frozenset(name for name, count in counts.items() if count >= 3)
