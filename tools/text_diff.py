"""What a rewrite changed: sentence by sentence, and word by word inside one.

The mends say what became of which sentence, so sentences are not searched for; words are compared
in sentences alone. The time is therefore linear in the length of the text.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from domain.compliance import Change, Mend
from tools.compliance.sentences import split_sentences

_TOKEN = re.compile(r"[\u3400-\u9fff]|\w+(?:['’]\w+)?|\s+|.", re.DOTALL)
_MOST_WORDS = 600
"""Two wordings that differ over more words are one removal and one addition."""

_STRIPPED = " \t\n，,、。；;：:"
"""What the beginning of a rewrite loses when sentences before it went."""

_Run = tuple[Literal["same", "removed", "added"], str]


def find_changes(text: str, mends: Sequence[Mend], rewrite: str) -> list[Change]:
    """The runs that make `rewrite` out of `text`; a Chinese character counts as a word.

    `mends` are those by which the rewrite came about; of what they leave, it may lack sentences
    and blanks. The shared and removed runs joined are the text, the shared and added ones the
    rewrite. Empty where nothing changed.
    """
    if text == rewrite:
        return []
    return [Change(kind=kind, text=run) for kind, run in _join(_align(text, mends, rewrite))]


def _align(text: str, mends: Sequence[Mend], rewrite: str) -> Iterator[_Run]:
    """Each sentence beside what stands for it, which the rewrite has in the same order."""
    done = 0
    for before, expected in _sentences(text, mends):
        wanted = expected if done else expected.lstrip(_STRIPPED)
        end = _find_end(rewrite, done, wanted)
        if end is None:
            yield "removed", before
            continue
        yield from _compare(before, rewrite[done:end])
        done = end
    if done < len(rewrite):
        yield "added", rewrite[done:]


def _sentences(text: str, mends: Sequence[Mend]) -> Iterator[tuple[str, str]]:
    """The sentences of `text`, each with what its mend made of it."""
    mended = {mend.start: mend.text for mend in mends}
    for sentence in split_sentences(text):
        yield sentence.text, mended.get(sentence.start, sentence.text)


def _find_end(rewrite: str, start: int, wanted: str) -> int | None:
    """Where `wanted` and the blanks after it end, if it stands at `start`; blanks do not count."""
    at = start
    if not wanted.strip():
        return None
    for char in wanted:
        if char.isspace():
            continue
        while at < len(rewrite) and rewrite[at].isspace():
            at += 1
        if at == len(rewrite) or rewrite[at] != char:
            return None
        at += 1
    while at < len(rewrite) and rewrite[at].isspace():
        at += 1
    return at


def _compare(before: str, after: str) -> Iterator[_Run]:
    """The words that stayed, went and came."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    head = _count_shared(old, new)
    tail = _count_shared(old[head:][::-1], new[head:][::-1])
    yield "same", "".join(old[:head])
    yield from _exchange(old[head : len(old) - tail], new[head : len(new) - tail])
    yield "same", "".join(old[len(old) - tail :])


def _exchange(old: list[str], new: list[str]) -> Iterator[_Run]:
    """Words that stayed between changes stand alone only where they are more than a character."""
    if max(len(old), len(new)) > _MOST_WORDS:
        yield "removed", "".join(old)
        yield "added", "".join(new)
        return
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    removed = added = ""
    for tag, i, j, k, m in matcher.get_opcodes():
        went, came = "".join(old[i:j]), "".join(new[k:m])
        if tag == "equal" and len(went.strip()) > 1:
            yield "removed", removed
            yield "added", added
            yield "same", went
            removed = added = ""
        else:
            removed += went
            added += came
    yield "removed", removed
    yield "added", added


def _count_shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    for count, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return count
    return min(len(old), len(new))


def _join(runs: Iterable[_Run]) -> list[_Run]:
    """Neighbours of one kind as one; none empty."""
    joined: list[_Run] = []
    for kind, run in runs:
        if not run:
            continue
        if joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + run)
        else:
            joined.append((kind, run))
    return joined
