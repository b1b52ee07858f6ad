"""The parts of a comment that asks for two things at once: `how much and does it shrink?`."""

import re

from tools.questions.reading import QuestionReading

_ASKING = (
    r"how|what|which|when|where|who|why|is|are|was|do|does|did|can|could|will|would|has|have|any"
)
_JOINT = re.compile(
    rf"[?？!！;；]+\s*|[,，。.]\s*(?:and |also |plus )?(?=(?:{_ASKING})\b)"
    rf"|\s+(?:and|n|&|also|plus|\+)\s+(?=(?:{_ASKING})\b)"
    r"|(?<=[吗呢么])[\s,，、]+|[\s,，、。]+(?=(?:还有|另外|以及|顺便|再问))"
    r"|[\s,，]+(?=[^\s,，]{0,8}(?:吗|呢|多少|多久|多大|几|什么|怎么|哪|有没有|能不能|是不是|会不会))",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"\b(?:{_ASKING})\b|[吗呢么嘛]|多少|多久|多大|几|什么|啥|怎么|哪|谁|没有|不能|不会|[能会有是]不",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:and |n )?(?:how (?:long|many|big|strong|deep|thick|tall|wide|far|old)(?: \w+)?"
    r"|what size|which one|for how long)"
    r"(?: (?:is|was|are|were|for) (?:it|they|that))?\W*|\w?(?:多少|多久|多大|几\w|几个月|几年)\W*",
    re.IGNORECASE,
)
"""A part that asks nothing by itself: `do the lids have a warranty, how many months`."""
_MOST = 2


def split_question(question: str) -> list[str]:
    """One or two questions, in order. Two parts that ask for the same are one question."""
    parts = [part.strip() for part in _JOINT.split(question) if part.strip(" ,，.。?？!！")]
    asking = [part for part in parts if _asks(part)]
    if len(asking) != _MOST or len(parts) != _MOST:
        return [question]
    if _BARE.fullmatch(asking[1]):
        return [question]
    first, second = (QuestionReading(part) for part in asking)
    is_one = first.kind == second.kind and first.kind != "open"
    return [question] if is_one else asking


def _asks(part: str) -> bool:
    return _ASKS.search(part) is not None or QuestionReading(part).kind not in ("open", "size")
