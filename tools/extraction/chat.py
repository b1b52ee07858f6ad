"""Chat exports: who writes when, and what is left without the stamp and the name."""

import re
from collections import Counter
from collections.abc import Sequence

from domain.evidence import Passage
from tools.extraction.labels import fold_label, read_label

_STAMP = (
    r"\[?\(?(?:(?:\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,4}日?,?\s*)?(?:[上下]午)?\d{1,2}:\d{2}(?::\d{2})?\s*(?"
    r":[AaPp]\.?[Mm]\.?)?\)?\]?"
)
_STAMP_FIRST = re.compile(rf"\s*{_STAMP}(?:\s*[-–]\s*|\s+)(?P<who>[^:：]{{1,30}}?)\s*[:：]\s*")
_STAMP_AFTER = re.compile(rf"\s*(?P<who>[^:：\d]{{1,30}}?)\s*{_STAMP}\s*[:：]\s*")
_STAMP_ONLY = re.compile(
    rf"\s*(?:[^:：\d]{{1,30}}?\s*)?{_STAMP}(?:\s*[^:：\d]{{1,30}}(?:[(<][\w.@]+[)>])?)?\s*"
)
_SPEAKER = re.compile(r"\s*(?P<who>[^:：,，.。!?！？]{1,20})[:：]\s*(?=\S)")
_TIME_ONLY = re.compile(rf"\s*{_STAMP}\s*")
_SYSTEM = re.compile(
    r"end-to-end encrypted|(?:media|image|video|audio|document|sticker) omitted"
    r"|joined the (?:group|channel)|created (?:the )?group|\bwrote:\s*$"
    r"|^(?:from|to|cc|sent|subject|date)\s*:\s|^\[[\w ]{1,12}\]$|撤回了一条消息|加入了?群聊",
    re.IGNORECASE,
)
_LONGEST_SPEAKER = 30


def is_system_line(text: str) -> bool:
    """What the messenger or the mail program wrote, and no person."""
    return _SYSTEM.search(text) is not None


def is_stamp(text: str) -> bool:
    """Nothing but a time, with or without a name."""
    return _STAMP_ONLY.fullmatch(text) is not None


def without_names(prose: Sequence[Passage]) -> list[Passage]:
    """A chat's passages without the names that stand on a line of their own, above the time."""
    following = [*prose[1:], None][: len(prose)]
    return [
        passage
        for passage, after in zip(prose, following, strict=True)
        if not (
            after is not None
            and passage.kind == "text"
            and len(passage.text) <= _LONGEST_SPEAKER
            and _TIME_ONLY.fullmatch(after.text)
            and not is_stamp(passage.text)
        )
    ]


def strip_speaker(text: str, speakers: frozenset[str]) -> tuple[str, bool]:
    """`text` without the stamp and name of a chat export, and whether it had them."""
    if _STAMP_ONLY.fullmatch(text):
        return "", True
    for pattern in (_STAMP_FIRST, _STAMP_AFTER):
        if match := pattern.match(text):
            return text[match.end() :], True
    if (match := _SPEAKER.match(text)) and fold_label(match["who"]) in speakers:
        return text[match.end() :], True
    return text, False


def find_speakers(passages: Sequence[Passage]) -> frozenset[str]:
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
