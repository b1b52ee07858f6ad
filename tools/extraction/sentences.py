"""Cutting passages into sentences: who speaks and what markup surrounds them is left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.evidence import Evidence, Passage
from tools.extraction.asking import (
    asked_property,
    asked_topics,
    find_questions,
    is_question,
)
from tools.extraction.chat import (
    find_speakers,
    is_stamp,
    is_system_line,
    strip_speaker,
    without_names,
)
from tools.extraction.cues import topic_of
from tools.extraction.cutting import cut_sentences
from tools.extraction.labels import (
    UNKNOWN,
    Label,
    LabelField,
    property_of,
    read_label,
)
from tools.extraction.printed import PRINTED, looks_like_label, read_printed_row

_MARKUP_START = re.compile(r"[\s>#*+•·●◆■★☆✅✔▪–—-]+(?=\S)|\s*(?:\d{1,2}[.)、](?!\d)|[①-⑳])\s*")
_BRACKETED = re.compile(r"[【\[](?P<label>[^】\]]{1,20})[】\]]\s*(?P<value>\S.*)", re.DOTALL)
_LABELLED = re.compile(
    r"[【\[*_]*(?P<label>[^:：|。！？!?；;，,]{1,40}?)[】\]*_]*\s*[:：][*_]*\s*(?P<value>\S.*)",
    re.DOTALL,
)
_LABEL_ONLY = re.compile(
    r"\s*#+\s*(?P<hash>[^#]+?)[\s#]*[:：]?\s*|\s*[【\[](?P<bracket>[^】\]]+)[】\]]\s*"
    r"|\s*\*\*(?P<bold>[^*]+?)[:：]?\*\*[:：]?\s*|\s*(?P<colon>[^:：。！？!?，,]{1,40})[:：]\s*"
)
_PIECES = re.compile(r"\s++(?=【[^】]{1,12}】|[\u3400-\u9fff]{2,8}[:：])")
_LONGEST_PIECE = 2000
_LONGEST_HEADING = 400
_LONGEST_TITLE = 6
_TITLE_WORDS = 3
_ANNOUNCES = re.compile(
    r"(?:更正|纠正|订正|勘误|补充|更新|提醒|另外?|对了|ps|p\.s\.|correction|update|edit|fyi|re|reminder|also|btw)"
    r"[一下哈]*",
    re.IGNORECASE,
)
_EVERYTHING = re.compile(
    r"(?:所有|全部|全场|全店|以上)(?:的?(?:商品|产品|款式?|宝贝|货品))?"
    r"|(?:for )?(?:all|every|any) (?:items?|products?|orders?|goods|lines?)",
    re.IGNORECASE,
)
"""A label that says of whom the rest is said, and names no goods."""

_STEP = re.compile(r"^\d{1,2}[.、]\s*(?=[^\d\s])")
"""The number of a step, that no value keeps."""

_GESTURE = re.compile(
    r"[双单三]击|长按|短按|轻触|(?:double|triple|single|long)[- ](?:tap|press|click)", re.IGNORECASE
)
_SAYS = re.compile(r"\w")
_RULE = re.compile(r"\W*([=\-_*~#.·])\1{3,}\W*")
_NUMBERED = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}[、.．章节]|[（(][一二三四五六七八九十\d]{1,2}[）)]"
    r"|\d{1,2}(?:\.\d{1,2})?[.、．]?(?=\s|[\u3400-\u9fff]))\s*(?P<title>[^。！？.!?，,;；:：]{2,24})[:：]?\s*"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage; `text` stands in the passage exactly as it is.

    `label` is what stands in front of it (`Weight: …`), as written; `meaning` what that stands
    for. `section` is the field of the heading above it, None without one that is known. `first`
    tells that it opens its passage. `asked` is the question of the chat that it may answer, and
    `topic` what that asks about. `under` is the heading above it that names a property of the
    goods (`In the box`).
    """

    passage: Passage
    text: str
    label: str | None = None
    meaning: Label = UNKNOWN
    section: LabelField | None = None
    first: bool = True
    asked: str | None = None
    topic: str | None = None
    under: str | None = None

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
        return is_question(self.text)


def read_sentences(passages: Sequence[Passage]) -> list[Sentence]:
    """The sentences of all passages that are no table rows, in order.

    Headings are not sentences; they give the sentences below them their `section`, until an empty
    stretch of chat or another heading.
    """
    prose = without_names([passage for passage in passages if passage.cells is None])
    speakers = find_speakers(prose)
    found: list[Sentence] = []
    section: LabelField | None = None
    broken: LabelField | None = None
    under: str | None = None
    asked = Asked()
    chat = any(is_stamp(passage.text) for passage in prose)
    for passage in prose:
        body, spoken = strip_speaker(passage.text, speakers)
        spoken = spoken or chat or passage.kind in ("audio", "video")
        if not _SAYS.search(body) or is_system_line(body) or _RULE.fullmatch(body):
            continue
        heading = read_label(body) if passage.heading else None
        if heading is None and len(body) <= _LONGEST_HEADING:
            heading = _heading(body)
        if not spoken and _opens_contents(passage, body):
            section, under = None, body.lstrip("# \t").strip(" :：")
            continue
        if heading is not None and not spoken:
            section = heading.field
            if section is None and (passage.heading or body.lstrip().startswith("#")):
                found.append(Sentence(passage, body.lstrip("# \t").strip()))
            continue
        if spoken:
            section = None
        if section is not None and _is_title(body) and not spoken:
            section = None
        sentences = [
            sentence
            for piece in _pieces(passage, body)
            for sentence in _split(passage, piece, broken or section, spoken=spoken)
        ]
        if under is not None:
            sentences = [replace(sentences[0], under=under), *sentences[1:]] if sentences else []
            under = None
        broken = _goes_on(passage, sentences)
        found.extend(asked.answer(body, sentences) if spoken else sentences)
    return found


def _opens_contents(passage: Passage, body: str) -> bool:
    """A line that announces what comes in the box."""
    return passage.kind in (*PRINTED, "text") and property_of(body.lstrip("# \t")) == "contents"


def _is_title(body: str) -> bool:
    """A short line without an end, a number or a sign: the title of something else."""
    han = len(re.findall(r"[\u3400-\u9fff]", body))
    if re.search(r"[\d。.!?！？，,;；:：、]", body) or body.lstrip("-*•· ") != body:
        return False
    return han <= _LONGEST_TITLE if han else body.istitle() and len(body.split()) <= _TITLE_WORDS


def _pieces(passage: Passage, body: str) -> list[str]:
    """The labelled parts of a printed line (`适用：成猫 净含量：2kg`), without end cut up."""
    parts = [body[at : at + _LONGEST_PIECE] for at in range(0, len(body), _LONGEST_PIECE)]
    if passage.kind in PRINTED:
        parts = [piece for part in parts for piece in _PIECES.split(part)]
    return [part for part in parts if part.strip()]


def _goes_on(passage: Passage, sentences: Sequence[Sentence]) -> LabelField | None:
    """The field of a printed list that goes on in the next line."""
    if passage.kind not in PRINTED or not passage.text.rstrip().endswith(("、", "，", ",")):
        return None
    return sentences[-1].meaning.field or sentences[-1].section if sentences else None


class Asked:
    """The last question of a chat, for the messages below it."""

    def __init__(self) -> None:
        self._text = ""
        self._topics: tuple[str, ...] = ()
        self._left = 0

    def answer(self, body: str, sentences: list[Sentence]) -> list[Sentence]:
        """`sentences` of the message `body` with what they may answer; a question is kept."""
        for part in find_questions(body):
            if (topics := asked_topics(part)) or (is_question(part) and asked_property(part)):
                self._text, self._topics, self._left = part, topics, _MOST_ANSWERS
                return sentences if is_question(body) or part != body else []
        if is_question(body) or self._left == 0:
            self._left = 0
            return sentences
        self._left -= 1
        last = len(self._topics) - 1
        return [
            replace(
                sentence,
                asked=self._text,
                topic=self._topics[min(index, last)] if self._topics else None,
            )
            for index, sentence in enumerate(sentences)
        ]


def _split(
    passage: Passage, body: str, section: LabelField | None, *, spoken: bool
) -> list[Sentence]:
    body = _MARKUP_START.sub("", body, count=1) if _MARKUP_START.match(body) else body
    body = body.strip().removesuffix("**").strip()
    label, meaning = None, UNKNOWN
    if passage.kind in PRINTED and (cells := read_printed_row(body)):
        label, body = cells
        meaning = read_label(label)
    elif (match := _BRACKETED.match(body) or _LABELLED.match(body)) and "//" not in match["value"][
        :2
    ]:
        known = read_label(match["label"])
        if any(silent.fullmatch(match["label"].strip()) for silent in (_ANNOUNCES, _EVERYTHING)):
            body = match["value"].strip()
        elif known.field is not None or (
            looks_like_label(match["label"], match["value"])
            and not (section == "usage" or _GESTURE.match(match["label"]))
        ):
            label, meaning, body = match["label"].strip(" *_【["), known, match["value"].strip()
    sentences: list[Sentence] = []
    for index, part in enumerate(cut_sentences(body, spoken=spoken)):
        text = _STEP.sub("", part) or part
        if index == 0:
            sentences.append(Sentence(passage, text, label, meaning, section))
        else:
            carried = meaning.field if meaning.field in _LIST_LABELS else section
            sentences.append(Sentence(passage, text, section=carried, first=False))
    return sentences


_MOST_ANSWERS = 1
"""Messages below a question that may answer it."""

_TITLE_LABELS = frozenset(
    {"selling_points", "usage", "warnings", "returns_warranty", "shipping", "promotion"}
    | {"certifications", "ingredients", "materials"}
)
"""Fields that a line of nothing but their name opens."""

_LIST_LABELS = frozenset(
    {"selling_points", "usage", "warnings", "returns_warranty", "shipping", "promotion"}
)


def _heading(body: str) -> Label | None:
    match = _LABEL_ONLY.fullmatch(body)
    if match is None and (numbered := _NUMBERED.fullmatch(body)):
        known = read_label(numbered["title"])
        return Label(known.field or topic_of(numbered["title"]))
    if match is None:
        known = read_label(body, whole=True) if body.lstrip("-*• ") == body else None
        return known if known and known.field in _TITLE_LABELS else None
    return read_label(next(group for group in match.groups() if group))
