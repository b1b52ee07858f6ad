"""How an extractor writes down what it found."""

import re

from domain.evidence import Evidence
from domain.extraction import ExtractedFact, FactField, FactOrigin
from tools.extraction.sentences import Sentence

_QUOTED = re.compile(r"\n\s*(?:> ?)+")
UNSURE = 0.5
"""Confidence of a value whose field is a guess (`Price: 20`); any surer value outranks it."""


def found_in(
    sentence: Sentence,
    field: FactField,
    value: str,
    *,
    key: str | None = None,
    confidence: float = 1.0,
) -> ExtractedFact:
    """A fact that a code pattern read in `sentence`."""
    return make_fact(
        field,
        value,
        sentence.evidence,
        origin="pattern",
        key=key,
        confidence=min(confidence, sentence.passage.confidence),
    )


def make_fact(
    field: FactField,
    value: str,
    evidence: Evidence,
    *,
    origin: FactOrigin,
    key: str | None = None,
    product: str | None = None,
    confidence: float = 1.0,
) -> ExtractedFact:
    """A fact whose value is set on one line, without the punctuation that closes it."""
    return ExtractedFact(
        field=field,
        key=key,
        value=tidy(value),
        product=product,
        origin=origin,
        evidence=evidence,
        confidence=confidence,
    )


def tidy(value: str) -> str:
    """`value` on one line, without markup and closing punctuation around it."""
    text = " ".join(_QUOTED.sub("\n", value).split()).strip(" *_`\t")
    bare = text.rstrip(" .。;；,，、").lstrip(" ,，、;；-–—")
    return bare or text
