"""What a mend lost beside the claim, said again in plain words: no fact goes with a clause.

A clause that no rule touches stands again as it is; of a touched one every quantity, material,
place, gift or delivery outside the words objected to is said with the noun that it belongs to
(`24节的考研英语课`, `120 salmon chews`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tools.compliance.han import is_han
from tools.compliance.lawful import (
    Span,
    describes_goods,
    find_facts,
    holds_fact,
    is_measured,
    is_only_time,
    stands_alone,
)
from tools.compliance.noun_phrases import find_phrase, find_statements
from tools.compliance.rewriting import hangs_on
from tools.compliance.sentences import split_clauses
from tools.compliance.tidying import find_terminator, says_something, tidy_sentence

_CLOSING = re.compile(r"[\s，,、：:；;。.！!？?…—–-]+$")
_OPENING = re.compile(
    r"^[\s，,、：:；;—–-]*(?:(?:and|but|so|plus|while|also)\b[\s,]*)?", re.IGNORECASE
)
_LINK = re.compile(r"[\s,]*\band$", re.IGNORECASE)
_PERSON = re.compile(
    r"[我你您他她咱俺]|大家|家人|姐妹|宝宝们|\b(?:i|i'm|we|you|me|us|they|he|she|everyone|guys|folks)\b",
    re.I,
)
_DESCRIPTION = re.compile(
    r"(?!\s*(?:[喝吃用戴敷抹涂泡](?!起来)|坚持|每天|只要|只需))[^我你您他她它咱俺了就都再没不吗吧呢]*[\u3400-\u9fff]"
    r"[^我你您他她它咱俺了就都再没不吗吧呢]*[，,、。；;：:]?\s*"
)
"""A Chinese clause that only describes: it may stay where a claim was found around it."""

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]", re.IGNORECASE)
_MOST_PIECES, _MOST_CHARS, _MOST_OBJECTED = 12, 800, 30
"""How much is looked at: of a longer sentence nothing is said again."""

_MOSTLY = 0.8
_LONGEST_LABEL, _MOST_WORDS = 10, 3

IsClean = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Loss:
    """A sentence that was mended.

    `objected` are the half-open spans of the words that rules object to, without those that hold
    another, `around` those that hold one; with `is_trick` prices, counts and dates may belong to
    what is objected to.
    """

    text: str
    objected: Sequence[Span]
    around: Sequence[Span] = ()
    is_trick: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words to say again, from where in the sentence.

    `fact` is what of them has to be said, and is said alone where more would not be clean.
    """

    at: int
    text: str
    fact: str | None = None

    @property
    def wordings(self) -> list[str]:
        """What may be said, the most first: all, from the fact on, the fact alone."""
        fact = self.fact or ""
        if not any(map(str.isdigit, fact)):
            return [self.text]
        ways = [self.text, self.text[self.text.index(fact) :]]
        return list(dict.fromkeys([*ways, fact] if stands_alone(fact) else ways))


def restate_lost(loss: Loss, mended: str, is_clean: IsClean) -> str:
    """`mended` with each fact of the sentence that it does not say and that may be said.

    A sentence of more than 800 characters or 30 objections is left as it was mended.
    """
    if len(loss.text) > _MOST_CHARS or len(loss.objected) > _MOST_OBJECTED:
        return mended
    for piece in list(_find_pieces(loss))[:_MOST_PIECES]:
        if not _is_said(mended, piece):
            ways = (_insert(loss.text, mended, piece.at, words) for words in piece.wordings)
            mended = next((way for way in ways if says_something(way) and is_clean(way)), mended)
    return mended


def _find_pieces(loss: Loss) -> Iterator[_Piece]:
    """What should still be said, in order: clauses, then phrases of the touched ones."""
    following = was_cut = False
    for start, end in split_clauses(loss.text):
        clause = loss.text[start:end]
        here = [(a, b) for a, b in loss.objected if a < end and start < b]
        inside = [(a - start, b - start) for a, b in here if a >= start or b <= end]
        around = [*loss.around, *here] if not inside else ()
        near = any(a < end and start < b for a, b in around)
        if inside or (near and not _DESCRIPTION.fullmatch(clause)):
            was_cut = True
            inside = inside or [(0, end - start)]
            yield from _find_phrases(clause, start, inside, is_trick=loss.is_trick)
            continue
        if was_cut and hangs_on(clause):
            continue
        was_cut = False
        body = _OPENING.sub("", _CLOSING.sub("", clause))
        told = describes_goods(clause)
        if told or (_tells(clause) if not loss.is_trick else following and _is_label(body)):
            yield _Piece(start, body)
            following = following or told


def _tells(clause: str) -> bool:
    """True when a clause says a fact that stands alone, a statement of the sale, or a label."""
    facts = (clause[a:b] for a, b in find_facts(clause))
    if any(map(stands_alone, facts)) or any(True for _ in find_statements(clause, ())):
        return True
    return _is_label(_OPENING.sub("", _CLOSING.sub("", clause)))


def _is_label(body: str) -> bool:
    """True for a few words as packs have them (`盒装`, `caffeine free`), with no one in them."""
    if _PERSON.search(body):
        return False
    if any(map(is_han, body)):
        return len(body) <= _LONGEST_LABEL and _DESCRIPTION.fullmatch(body) is not None
    return len(body.split()) <= _MOST_WORDS


def _find_phrases(
    clause: str, start: int, objected: Sequence[Span], *, is_trick: bool
) -> Iterator[_Piece]:
    if not is_trick:
        for a, b in find_statements(clause, objected):
            yield _Piece(start + a, clause[a:b], clause[a:b])
    for first, last in find_facts(clause):
        touched = any(a < last and first < b for a, b in objected)
        if (touched or is_trick) and not is_measured(clause[first:last]):
            continue
        others = [(a, b) for a, b in objected if b <= first or a >= last]
        phrase = find_phrase(clause, (first, last), others)
        if phrase is None:
            continue
        words, fact = clause[phrase.start : phrase.end], clause[first:last]
        if (phrase.has_noun and not is_only_time(words)) or stands_alone(fact):
            yield _Piece(start + phrase.start, words, fact)


def _is_said(mended: str, piece: _Piece) -> bool:
    if piece.fact is not None:
        return holds_fact(mended, piece.fact)
    said = set(_WORD.findall(mended.casefold()))
    words = _WORD.findall(piece.text.casefold())
    facts = [piece.text[a:b] for a, b in find_facts(piece.text)]
    known = sum(word in said for word in words)
    return known >= _MOSTLY * len(words) and all(holds_fact(mended, fact) for fact in facts)


def _insert(text: str, mended: str, place: int, words: str) -> str:
    """`mended` with the words before what follows it in `text`, else at its end."""
    comma = "，" if any(map(is_han, text)) else ", "
    for start, end in split_clauses(mended):
        short = _OPENING.sub("", _CLOSING.sub("", mended[start:end]))
        if len(short) > 1 and words.endswith(short):
            return (
                mended[: mended.index(short, start)]
                + words
                + mended[start:end].partition(short)[2]
                + mended[end:]
            )
    for start, end in split_clauses(text):
        body = _OPENING.sub("", _CLOSING.sub("", text[start:end]))
        at = mended.casefold().find(body.casefold()) if start > place and body else -1
        if at >= 0:
            before = _LINK.sub("", _CLOSING.sub("", mended[:at]))
            link = "and " if before != _CLOSING.sub("", mended[:at]) else ""
            head = before + comma if before.strip() else ""
            return tidy_sentence(
                f"{head}{words}{comma}{link}{body}{mended[at + len(body) :]}", like=text
            )
    end = find_terminator(mended)
    before = _CLOSING.sub("", mended[:end])
    return tidy_sentence(f"{before}{comma if before else ''}{words}", like=text)
