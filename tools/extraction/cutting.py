"""Cutting running text into sentences."""

import re

_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;])[\"”’)]?\s+(?=[\"“(A-Z\d\u3400-\u9fff])")
_SPOKEN_END = re.compile(r"(?<=[a-z\d)%][.!?])\s+(?=[a-z])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:no|nos|approx|e\.g|i\.e|vs|dr|mr|ms|st|incl|excl|max|min|ca|[A-Z]))\.\s*$", re.I
)


def cut_sentences(text: str, *, spoken: bool = False) -> list[str]:
    """`text` at its full stops (and Chinese or spaced semicolons), abbreviations respected.

    In a `spoken` one, a message or a transcript, a sentence may begin in lower case.
    """
    parts: list[str] = []
    start = 0
    last_quote = text.rfind('"')
    ends = [*_END.finditer(text), *(_SPOKEN_END.finditer(text) if spoken else ())]
    for match in sorted(ends, key=lambda found: found.start()):
        if match.start() < start:
            continue
        before = text[start : match.start()]
        if _ABBREVIATION.search(before) or before.strip(" .").isdecimal():
            continue
        if (
            '"' in text
            and text.count('"', start, match.start()) % 2
            and last_quote >= match.start()
        ):
            continue
        parts.append(text[start : match.end()].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]
