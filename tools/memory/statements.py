"""What a host said that answers a question, sentence by sentence, with how sure that is."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from domain.language import detect_language
from domain.scope import Scope
from domain.stream import LogEntry, Utterance
from stores.streams import StreamStore
from tools.events.cue_words import is_transition
from tools.live_facts import is_firm
from tools.live_facts.cues import is_asking, plain_words, says
from tools.memory.searching import StreamMemory
from tools.questions.decision import Moment
from tools.questions.odds import AnswersQuestion
from tools.questions.reading import content_words, covered

_SENTENCE = re.compile(r"[^.!?。！？…\n]+(?:\.(?=\d)[^.!?。！？…\n]+)*[.!?。！？…]*")
_HITS = 12
_NEWEST_FIRST, _NEWEST = 40, 400
"""Rows of the log that are gone through for the host's newest word; mostly the first few do."""
_BEFORE_MS = 15_000
_NEARLY = 0.1
"""Of sentences that are so nearly as sure the one said last counts: it may correct the other."""
_QUOTE_EN, _QUOTE_ZH = 130, 48
"""Characters of a sentence with what follows it."""
_RELATED = 0.15
"""A sentence that takes back another is at least so likely to answer the same question."""
_SHARED, _ALIKE, _LONG = 1, 0.2, 8
"""Words, and the share of the earlier sentence's words, that it has in common with it."""
_FRAME = re.compile(
    r"\b(?:what (?:did|was|were|is|'s)|did) (?:it |that )?(?:you|u|ya|they|the host|he|she) "
    r"(?:guys )?(?:just )?(?:say(?:ing)?|said|tell(?: us)?|mention|show|talk)\b"
    r"(?: (?:earlier|before|just now))?(?: (?:about|abt|of|on))?"
    r"|\bwhat was (?:that|it)(?: (?:you|u) (?:said|mentioned))?(?: (?:about|abt))?\b"
    r"|\b(?:earlier|just now)\b"
    r"|(?:主播|你们?|您)?(?:刚才|刚刚|刚|之前|前面|一开始)(?:主播|你们?|您)?(?:[说讲提]的?)?(?:过的?)?|来着",
    re.IGNORECASE,
)
_SHORTEST = 4
_REMEMBERED = 8192
"""Sentences of which is remembered what they are; those of some hours of talk."""
_PASSING_ON = 0.7


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the host, when it was said, and the probability that it answers.

    `quote` is the sentence with what the host said on, as far as it is short.
    """

    seq: int
    text: str
    at_ms: int
    odds: float
    quote: str = ""


_Sentence = tuple[LogEntry, str, str]
"""A sentence of an utterance, and what was said right before it."""


class Statements:
    """Finds what was said in streams; safe to call from several threads."""

    def __init__(self, streams: StreamStore, memory: StreamMemory, ranker: AnswersQuestion) -> None:
        self._streams = streams
        self._memory = memory
        self._ranker = ranker
        self._lock = threading.Lock()
        self._read: OrderedDict[tuple[str, str, int, str], list[_Sentence]] = OrderedDict()

    def hear(self, scope: Scope, stream_id: str, entry: LogEntry) -> None:
        """Read what was just said, so that the next question does not wait for it."""
        sentences = self._sentences(scope, stream_id, entry)
        texts = [text for _, text, _ in sentences]
        self._ranker.warm(texts, [before for _, _, before in sentences])

    def find(
        self,
        scope: Scope,
        stream_id: str,
        question: str,
        *,
        as_of_ms: int,
        product_id: str | None = None,
        most: int = 3,
    ) -> list[Statement]:
        """The sentences that answer best, of what had been said by `as_of_ms`, the surest first.

        Time words of the question narrow it. What a host only asked, guessed or repeated of others
        is no statement, nor is what held elsewhere or once.
        """
        hits = self._memory.search(
            scope,
            stream_id,
            question,
            as_of_ms=as_of_ms,
            product_id=product_id,
            kinds=("utterance",),
            limit=_HITS,
        )
        of_it = [hit for hit in hits if product_id is None or hit.product_id in (None, product_id)]
        seqs = [hit.seq for hit in of_it if hit.seq is not None]
        found = self._streams.find_entries(scope, stream_id, seqs)
        sentences = [one for entry in found for one in self._sentences(scope, stream_id, entry)]
        if not sentences:
            return []
        texts = [text for _, text, _ in sentences]
        asked = without_said(question)
        odds = self._ranker.odds(asked, texts, [before for _, _, before in sentences])
        stated = [
            _state(entry, text, float(p) * _weight(text))
            for (entry, text, _), p in zip(sentences, odds, strict=True)
        ]
        return _newest_of_equals(sorted(stated, key=lambda one: -one.odds))[:most]

    def newest(
        self,
        scope: Scope,
        stream_id: str,
        kind: str,
        *,
        as_of_ms: int,
        is_about: Callable[[Utterance], bool],
    ) -> Statement | None:
        """The host's newest word on how it is sent, what comes with it, or what is taken off.

        `kind` is `shipping`, `gift` or `promotion`; `is_about` tells whether an utterance is about
        the goods that are asked about.
        """
        later: list[tuple[Statement, Utterance]] = []
        seen = 0
        for most in (_NEWEST_FIRST, _NEWEST):
            entries = self._streams.entries(
                scope,
                stream_id,
                kinds=("utterance",),
                as_of_ms=as_of_ms,
                newest=True,
                limit=most,
            )
            for entry in entries[: len(entries) - seen][::-1]:
                if not isinstance(entry.row, Utterance):
                    continue
                for _, text, _ in reversed(self._stated(entry, "")):
                    one = _state(entry, text, 1.0)
                    if _says_newest(kind, text) and is_about(entry.row):
                        ends = (
                            end for end, row in later if _supersedes(end, one) and is_about(row)
                        )
                        return next(ends, one)
                    later.append((one, entry.row))
            seen = len(entries)
            if seen < most:
                break
        return None

    def locate(
        self, scope: Scope, stream_id: str, seq: int, at_ms: int, *, as_of_ms: int
    ) -> Moment:
        """A row of the log with the event around it and that event's nearest keyframe."""
        around = self._streams.events(
            scope,
            stream_id,
            level="event",
            from_ms=at_ms,
            until_ms=at_ms + 1,
            as_of_ms=as_of_ms,
            limit=1,
        )
        if not around:
            return Moment(said_in=seq, at_ms=at_ms)
        frames = sorted(around[0].keyframes, key=lambda frame: abs(frame.at_ms - at_ms))
        keyframe = frames[0].blob if frames else None
        return Moment(said_in=seq, at_ms=at_ms, event=around[0].event_id, keyframe=keyframe)

    def _sentences(self, scope: Scope, stream_id: str, entry: LogEntry) -> list[_Sentence]:
        """The host's statements in an utterance, each with what was said right before it."""
        row = entry.row
        if not isinstance(row, Utterance) or row.speaker != "host":
            return []
        key = (scope.workspace_id, stream_id, entry.seq, row.text)
        with self._lock:
            known = self._read.get(key)
        if known is None:
            known = self._find_sentences(scope, stream_id, entry, row)
        with self._lock:
            self._read[key] = known
            self._read.move_to_end(key)
            while len(self._read) > _REMEMBERED:
                self._read.popitem(last=False)
        return known

    def _find_sentences(
        self, scope: Scope, stream_id: str, entry: LogEntry, row: Utterance
    ) -> list[_Sentence]:
        before = self._streams.entries(
            scope,
            stream_id,
            kinds=("utterance",),
            from_ms=row.start_ms - _BEFORE_MS,
            as_of_ms=row.start_ms,
            newest=True,
            limit=2,
        )
        return self._stated(entry, " ".join(one.row.text for one in before if one.seq != entry.seq))

    def _stated(self, entry: LogEntry, context: str) -> list[_Sentence]:
        row = entry.row
        if not isinstance(row, Utterance) or row.speaker != "host":
            return []
        found: list[_Sentence] = []
        for match in _SENTENCE.finditer(row.text):
            text = match.group().strip()
            if len(text) >= _SHORTEST and _is_stated(text):
                found.append((entry, text, context))
            context = f"{context} {text}"
        return found


@lru_cache(maxsize=_REMEMBERED)
def _is_stated(text: str) -> bool:
    return is_firm(text)


@lru_cache(maxsize=_REMEMBERED)
def _says_newest(kind: str, text: str) -> bool:
    """Whether a sentence states something of a kind, and on no condition."""
    plain = plain_words(text)
    return says(f"states_{kind}", plain) and not says("condition", plain)


def _weight(text: str) -> float:
    """A sentence that passes on to goods names them, which is not yet an answer about them."""
    return _PASSING_ON if is_transition(text) else 1.0


def _state(entry: LogEntry, text: str, odds: float) -> Statement:
    row = entry.row
    assert isinstance(row, Utterance)  # noqa: S101 - a statement is read off one
    start = row.text.find(text)
    end = start + len(text)
    longest = _QUOTE_ZH if detect_language(text) == "zh" else _QUOTE_EN
    for match in _SENTENCE.finditer(row.text, end):
        if match.end() - start > longest or is_asking(match.group()):
            break
        end = match.end()
    return Statement(entry.seq, text, row.start_ms, odds, row.text[start:end].strip())


def _supersedes(one: Statement, before: Statement) -> bool:
    """Whether a later sentence takes back, ends or replaces what an earlier one says."""
    if one.odds < _RELATED or not says("supersedes", plain_words(one.text)):
        return False
    words = content_words(before.text)
    shared = covered(words, one.text) * len(words)
    return shared >= _SHARED and shared / max(1, min(len(words), _LONG)) >= _ALIKE


def without_said(question: str) -> str:
    """What a question is about that asks what was said: `what did you say about the lid?`."""
    rest = " ".join(_FRAME.sub(" ", question).split())
    return rest if content_words(rest) else question


def _newest_of_equals(ranked: Sequence[Statement]) -> list[Statement]:
    if not ranked:
        return []
    nearly = [one for one in ranked if one.odds >= ranked[0].odds - _NEARLY]
    newest = max(nearly, key=lambda one: one.at_ms)
    later = [one for one in ranked if one.at_ms > newest.at_ms and _supersedes(one, newest)]
    if later:
        newest = replace(max(later, key=lambda one: one.at_ms), odds=newest.odds)
        ranked = [one for one in ranked if one.seq != newest.seq or one.text != newest.text]
    return [newest, *(one for one in ranked if one is not newest)]
