"""Standalone: nothing in a clip refers to what is not in it."""

from collections.abc import Iterator, Sequence

from domain.clip import Rejection
from domain.recording import SpeechTag
from tools.clip_guards.clip_text import Said, compile_pattern, load_patterns
from tools.product_names import mentions

_NAMING = frozenset({SpeechTag.PRODUCT_INTRO.value})
_ASKED = compile_pattern(
    "[?？]", r"吗\s*[。！]?\s*$", r"\b(?:asks?|asked|asking|wondering)\b", "有人问|问"
)


def find_references(said: Sequence[Said], names: Sequence[str] = ()) -> list[Rejection]:
    """What in a clip can be understood only by who saw the broadcast.

    `names` are those of the product: once it was named or introduced, a pronoun may stand for it.
    What opens with an answer, a number or a joining word is fine after the utterance that it goes
    on from.
    """
    found: list[Rejection] = []
    known = False
    for place, one in enumerate(said):
        before = [other.text for other in said[:place]]
        for rule, quote in _references(one, before, known=known):
            found.append(
                Rejection(
                    guard="standalone",
                    rule=rule,
                    reason=str(load_patterns()["standalone"][rule]["reason"]),
                    quote=quote.strip(" ,，.。!！"),
                    utterance=one.number,
                    at_ms=one.at_ms,
                )
            )
        named = any(mentions(one.text, name) for name in names)
        known = known or named or not _NAMING.isdisjoint(one.tags)
    return found


def _references(one: Said, before: Sequence[str], *, known: bool) -> Iterator[tuple[str, str]]:
    rules = load_patterns()["standalone"]
    for rule, patterns in rules.items():
        if (always := patterns.get("anywhere")) and (
            match := compile_pattern(*always).search(one.text)
        ):
            yield rule, match.group()
            continue
        if one.joined or not (starts := patterns.get("start")):
            continue
        match = compile_pattern(*starts, at_start=True).match(one.text)
        if match is None:
            continue
        if rule == "pointing_back" and known:
            continue
        if rule == "numbering" and _counted(before, patterns["opened_by"]):
            continue
        if rule == "answer_without_question" and before and _ASKED.search(before[-1]):
            continue
        yield rule, match.group()


def _counted(before: Sequence[str], openers: Sequence[str]) -> bool:
    return any(compile_pattern(*openers).search(text) for text in before)
