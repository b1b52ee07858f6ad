"""A sentence, and a text, in order again after words were taken out."""

import re

from tools.compliance.han import is_han

_TERMINATOR = re.compile(r"[。！？!?；;.…\n][\s”’」』）)\"'】》]*$")
_LEADING = re.compile(
    r"^(?:[\s，,、：:；;—\-–…]+|的|(?:and|but|so|plus|while|because|also)\b[\s,]*|"
    r"(?:并且|而且|所以|因为|因此|但是?|不过|同时)(?=[^有是会好]))",
    re.IGNORECASE,
)
_BRACKETS = {"(": ")", "（": "）", "[": "]", "【": "】", "《": "》"}
_LISTED = re.compile(r"(?:^|[\s,;，；])(?:\d{1,2}|[a-z])$|[:;=]-?$", re.IGNORECASE)
"""What a closing bracket alone stands behind: a number of a list (`1)`), a smile."""

_TRAILING = re.compile(r"(?:[\s，,、：:；;—–-]|\b(?:and|but|so|plus|while))$", re.IGNORECASE)


def tidy_sentence(text: str, *, like: str) -> str:
    """`text` as a sentence again: no dangling comma or connective, ended and begun as `like`."""
    terminator = _TERMINATOR.search(like)
    body = _strip_repeatedly(_TERMINATOR.sub("", text).strip())
    if not body:
        return ""
    body = _tidy_inside(body)
    if like.lstrip()[:1].isupper():
        body = body[0].upper() + body[1:]
    lead = like[: len(like) - len(like.lstrip())]
    return lead + body + (terminator[0] if terminator else "")


def find_terminator(text: str) -> int:
    """Where the closing signs of `text` begin; its length where it has none."""
    terminator = _TERMINATOR.search(text)
    return terminator.start() if terminator else len(text)


def tidy_rewrite(text: str) -> str:
    """The joined text without blank runs and stray punctuation that the cuts left."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"\n[ \t]+", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    return re.sub(r"^[\s，,、。；;：:]+", "", text).rstrip(" \t")


def _strip_repeatedly(body: str) -> str:
    while True:
        shorter = _TRAILING.sub("", _LEADING.sub("", body)).strip()
        if shorter == body:
            return body
        body = shorter


def _tidy_inside(text: str) -> str:
    text = re.sub(r"([，,、：:])(?:\s*[，,、：:])+", r"\1", text)
    text = re.sub(r"\(\s*\)|（\s*）|“”|「」|\"\"", "", text)
    text = _drop_single_brackets(text)
    text = re.sub(r"[ \t]{2,}", " ", text)
    return re.sub(r" +([,.!?;:，。！？；：])", r"\1", text)


def _drop_single_brackets(text: str) -> str:
    """`text` without brackets of which the other one is gone (`June 2026)`)."""
    waiting: list[tuple[str, int]] = []
    single: set[int] = set()
    for place, sign in enumerate(text):
        if sign in _BRACKETS:
            waiting.append((_BRACKETS[sign], place))
        elif sign in _BRACKETS.values():
            if waiting and waiting[-1][0] == sign:
                waiting.pop()
            elif sign != ")" or not _LISTED.search(text[:place]):
                single.add(place)
    single |= {place for _, place in waiting}
    return "".join(sign for place, sign in enumerate(text) if place not in single)


def says_something(text: str) -> bool:
    """True when `text` is long enough to be a sentence."""
    words = len(re.findall(r"[A-Za-z]+", text)) + 2 * len(re.findall(r"\d+", text))
    return sum(map(is_han, text)) + 1.5 * words >= 4
