"""Printed lines that set a label and its value side by side without a colon."""

import re

from domain.quantities import find_quantities
from tools.extraction.labels import names_property

PRINTED = ("pdf", "image", "html")
"""Kinds whose table rows without a colon come with wide gaps (`Suction  4,500 Pa`)."""

_SPACED = re.compile(r"(?P<label>[^:：\s]+(?: [^:：\s]+){0,4}) {2,}(?P<value>\S.*)")
_LONGEST_MEASURE = 40
_LONGEST_PART = 16
_NEXT_LABEL = re.compile(r"\s+(?=[^\W\d][^\s:：]*[:：]\s)")
_MEASURED = re.compile(
    r"(?P<label>[A-Z][A-Za-z]*(?: [A-Za-z][A-Za-z\d]*){0,2}|[\u3400-\u9fff]{2,6})"
    r"\s{1,3}(?P<value>[≤≥<>≈~约]?\s?\d.*)"
)
_NO_LABEL = re.compile(
    r"(?:up to|about|over|only|from|for|in|with|within|under|around|at|save|take|apply|use|just|the"
    r"|contains?|step|page|no|pack of|set of|buy|get)\b.*|第.*|共.*|每.*|送.*|满.*|前.*|仅.*|约.*",
    re.IGNORECASE,
)


def read_printed_row(body: str) -> tuple[str, str] | None:
    """Label and value of a printed row without a colon: a wide gap, or a known property first.

    `Suction  4,500 Pa`, `Rated power 40 W`, `净重 500克`.
    """
    if match := _MEASURED.fullmatch(body):
        quantity = next(iter(find_quantities(match["value"])), None)
        if (
            quantity is not None
            and quantity.dimension not in (None, "count")
            and not quantity.dimension.startswith("currency:")
            and len(match["value"]) <= _LONGEST_MEASURE
            and not _NO_LABEL.fullmatch(match["label"])
        ):
            return match["label"], match["value"]
    *above, value = re.split(r" {2,}", body)
    if (
        len(above) > 1
        and find_quantities(value)
        and not any(re.search(r"\d", label) or len(label) > _LONGEST_PART for label in above)
    ):
        return body[: body.rindex(value)].strip(), value
    match = _SPACED.fullmatch(body)
    if match and looks_like_label(match["label"], match["value"]):
        return match["label"], match["value"]
    words = body.split(" ")
    for count in range(min(4, len(words) - 1), 0, -1):
        label, value = " ".join(words[:count]), " ".join(words[count:])
        if (
            label[-1] not in ":："
            and names_property(label)
            and (value[:1].isdigit() or re.match(r"[A-Z]+[-\d]", value))
        ):
            return label, _NEXT_LABEL.split(value)[0]
    return None


def looks_like_label(label: str, value: str) -> bool:
    """A property's name is short and its value no sentence."""
    words = label.strip(" *_").split()
    if any(char.isdigit() for char in label) and len(words) > 1:
        return False
    han = sum("\u3400" <= char <= "\u9fff" for char in label)
    if not words or value[:1] in ('"', "“", "「"):
        return False
    return (han <= 8 and len(words) <= 2) if han else len(words) <= 4 and len(value.split()) <= 14
