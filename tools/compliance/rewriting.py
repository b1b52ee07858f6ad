"""The deterministic mend: put the rule's own replacement, or cut, and tidy what is left."""

import re
from collections.abc import Sequence

from tools.compliance.matching import Match
from tools.compliance.sentences import split_clauses
from tools.compliance.skeleton import Skeleton, is_han

_TERMINATOR = re.compile(r"[。！？!?；;.…\n][\s”’」』）)\"'】》]*$")
_DANGLING = re.compile(
    r"^(?:[\s，,、：:；;—\-–…]+|(?:and|but|so|plus|while|because|also|which means)\b[\s,]*|"
    r"(?:并且|而且|所以|因为|因此|但是?|不过|同时|还|而|且)(?=[^有是会好]))+",
    re.IGNORECASE,
)
_DANGLING_END = re.compile(r"(?:[\s，,、：:；;—–-]+|\b(?:and|but|so|plus|while)\s*)$", re.IGNORECASE)


def replace_matches(text: str, skeleton: Skeleton, matches: Sequence[Match]) -> str:
    """`text` with the replacement of every match; empty when a match has none that fits."""
    edits: list[tuple[int, int, str]] = []
    for match in matches:
        replacement = _replacement(skeleton.text[match.start : match.end], match)
        if replacement is None:
            return ""
        start, end = skeleton.original(match.start, match.end)
        edits.append((start, end, replacement))
    return tidy_sentence(_apply(text, edits), like=text)


def cut_clauses(text: str, skeleton: Skeleton, matches: Sequence[Match]) -> str:
    """`text` without the clauses that the matches touch; empty when a rule asks for the sentence.

    What is left must still be able to stand as a sentence, else it is empty too.
    """
    if any(match.rule.rule.cut == "sentence" for match in matches):
        return ""
    spans = [skeleton.original(match.start, match.end) for match in matches]
    kept = [
        text[a:b] for a, b in split_clauses(text) if not any(s < b and a < e for s, e in spans)
    ]
    rest = tidy_sentence("".join(kept), like=text)
    return rest if _says_something(rest) else ""


def tidy_sentence(text: str, *, like: str) -> str:
    """`text` as a sentence again: no dangling comma or connective, ended and capitalised as `like`."""
    terminator = _TERMINATOR.search(like)
    end = terminator[0] if terminator else ""
    body = _TERMINATOR.sub("", text)
    body = _DANGLING_END.sub("", _DANGLING.sub("", body)).strip()
    if not body:
        return ""
    body = _tidy_inside(body)
    if like.lstrip()[:1].isupper():
        body = body[0].upper() + body[1:]
    lead = like[: len(like) - len(like.lstrip())]
    return lead + body + end


def tidy_rewrite(text: str) -> str:
    """The joined text without blank runs and stray punctuation that the cuts left."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"\n[ \t]+", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    return re.sub(r"^[\s，,、。；;：:]+", "", text).rstrip(" \t")


def _replacement(found: str, match: Match) -> str | None:
    for pattern, to in match.rule.replacements:
        hit = pattern.fullmatch(found)
        if hit:
            return hit.expand(to)
    return None


def _apply(text: str, edits: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    done = 0
    for start, end, to in sorted(edits, key=lambda e: (e[0], -e[1])):
        if start < done:
            continue
        parts += [text[done:start], to]
        done = end
    return "".join([*parts, text[done:]])


def _tidy_inside(text: str) -> str:
    text = re.sub(r"([，,、：:])(?:\s*[，,、：:])+", r"\1", text)
    text = re.sub(r"\(\s*\)|（\s*）|“”|「」|\"\"", "", text)
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r" +([,.!?;:，。！？；：])", r"\1", text)
    return re.sub(r"\ba (?=[aeiou])", "an ", text)


def _says_something(text: str) -> bool:
    words = len(re.findall(r"[A-Za-z]+", text))
    return sum(map(is_han, text)) + 1.5 * words >= 4
