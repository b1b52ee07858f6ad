"""Which fact of the record a person's answer to an open question becomes."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from domain.language import detect_language
from domain.product import ProductRecord, plain_number
from domain.quantities import find_quantities
from tools.questions.reading import QuestionReading
from tools.record_fields import FieldPath, parse_field, value_at

_FILE = Path(__file__).with_suffix(".yaml")
_CHOICES = frozenset({"colour", "size", "stock", "price", "brand"})
"""What is a list of choices, a number or a name: a sentence is no value of it."""
_TERMS = frozenset({"shipping", "returns", "warranty"})
"""Terms of sale, which read as such without the question that they answer with yes or no."""
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class NewFact:
    """A value for a field path of a record."""

    field: str
    value: str


def suggest_fact(question: str, answer: str, record: ProductRecord) -> NewFact | None:
    """The fact that `answer` gives, by what `question` asks about.

    A price is the amount in the answer; a text that the record has already is not replaced, but
    stands beside it as a property that is named by the question. None where a value cannot be told
    from the words of the answer (`we get navy next week` is no colour).
    """
    reading = QuestionReading(question)
    lang = "zh" if detect_language(question) == "zh" else "en"
    data = _read()
    name = data["properties"].get(reading.kind, {}).get(lang)
    if name is not None and not reading.particulars:
        return _beside(FieldPath("specs", "spec", key=name), question, answer, record)
    if reading.kind == "price":
        return _price(answer)
    if reading.kind in _CHOICES:
        return None
    field = data["fields"].get(reading.kind)
    if field is None or (reading.yes_no and reading.kind not in _TERMS):
        return NewFact(f"specs.{_topic(question)}", answer.strip())
    return _beside(parse_field(field), question, answer, record)


def _beside(path: FieldPath, question: str, answer: str, record: ProductRecord) -> NewFact:
    """At `path`, which may be a list, or at a property of its own where another text stands."""
    if path.kind != "list" and value_at(record, path) is not None:
        return NewFact(f"specs.{_topic(question)}", answer.strip())
    return NewFact(str(path), answer.strip())


def _price(answer: str) -> NewFact | None:
    amounts = [q for q in find_quantities(answer) if (q.dimension or "").startswith("currency")]
    if len(amounts) != 1:
        return None
    return NewFact("live_price", plain_number(float(amounts[0].value)))


def _topic(question: str) -> str:
    """What is asked about, in the viewer's words, as the name of a property."""
    plain = " ".join(question.replace(".", " ").split()).strip(" ?？!！,，。")
    return plain if len(plain) <= _LONGEST_NAME else plain[:_LONGEST_NAME].rsplit(" ", 1)[0]


@cache
def _read() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))
