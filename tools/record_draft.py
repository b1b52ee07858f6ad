"""Building one product's record out of facts: equal values meet, differing ones are conflicts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from domain.evidence import Evidence
from domain.extraction import ExtractedFact, FactField, ProductDraft
from domain.language import detect_language
from domain.product import Conflict, ConflictValue, ProductRecord, Variants
from domain.quantities import find_quantities
from tools.extraction.facts import UNSURE
from tools.extraction.labels import property_of
from tools.quotes import fold_text, says
from tools.same_value import contains_value, same_value

PERSON = "person"
"""Source id of what the user said on the command line or in a form."""

_ORIGINS = ("table", "pattern", "model")
_PRICES: tuple[FactField, ...] = ("list_price", "live_price")
_CHOICES: tuple[FactField, ...] = ("sizes", "colours")
_LISTS: tuple[FactField, ...] = (
    "promotion", "materials", "ingredients", "selling_points", "usage", "certifications",
    "returns_warranty", "warnings",
)  # fmt: skip
_JOINED: tuple[FactField, ...] = ("audience", "shipping")


@dataclass(slots=True)
class _Value:
    """A value and every place that says it, in whatever words."""

    text: str
    key: str | None
    facts: list[ExtractedFact] = field(default_factory=list[ExtractedFact])

    @property
    def evidence(self) -> list[Evidence]:
        return list(dict.fromkeys(fact.evidence for fact in self.facts))

    @property
    def sure(self) -> bool:
        """Code read it, and not as a guess: a model's choice of field contradicts nobody."""
        return any(fact.confidence > UNSURE and fact.origin != "model" for fact in self.facts)

    @property
    def rank(self) -> tuple[bool, int]:
        unsure = all(fact.confidence <= UNSURE for fact in self.facts)
        return unsure, min(_ORIGINS.index(fact.origin) for fact in self.facts)


def draft_record(
    facts: Sequence[ExtractedFact], *, name: str | None = None, sentences: Sequence[Evidence] = ()
) -> ProductDraft:
    """The record that `facts` about one product make, with evidence for every value.

    `name` is the name that the user gave; it is backed by a sentence of the sources where one says
    it, else by the user's word. Of differing values a table's is kept before running text's and
    that before the model's; the conflict is open. A value whose field is a guess, by code or by
    the model, yields to any other without a conflict.
    """
    return _Drafting(facts, sentences).draft(name)


class _Drafting:
    def __init__(self, facts: Sequence[ExtractedFact], sentences: Sequence[Evidence]) -> None:
        self._facts = facts
        self._sentences = sentences
        self._record = ProductRecord()
        self._evidence: dict[str, list[Evidence]] = {}
        self._conflicts: list[Conflict] = []

    def draft(self, name: str | None) -> ProductDraft:
        self._set_name(name)
        self._set_scalar("brand", contains_value)
        self._set_category()
        for price in _PRICES:
            self._set_scalar(price, lambda a, b: float(a) == float(b))
        self._set_scalar("currency", lambda a, b: a == b)
        self._set_variants()
        self._set_specs()
        for listed in _LISTS:
            values = _meet(self._of(listed), contains_value)
            setattr(self._record, listed, [value.text for value in values])
            self._back_list(listed, values)
        for joined in _JOINED:
            self._set_joined(joined)
        return ProductDraft(
            record=ProductRecord.model_validate(self._record.model_dump()),
            evidence=self._evidence,
            conflicts=self._conflicts,
        )

    def _of(self, name: FactField) -> list[ExtractedFact]:
        return [fact for fact in self._facts if fact.field == name]

    def _set_name(self, given: str | None) -> None:
        values = _meet(self._of("name"), same_value)
        if given is None:
            if values:
                best = min(values, key=lambda value: (value.rank, -len(value.facts)))
                self._record.name, self._evidence["name"] = best.text, best.evidence
            return
        said = [evidence for evidence in self._sentences if says(given, evidence.quote)]
        spoken = Evidence(source=PERSON, file=PERSON, quote=given)
        self._record.name = given
        self._evidence["name"] = list(dict.fromkeys(said))[:3] or [spoken]

    def _set_category(self) -> None:
        """Wordings of the kind of goods differ without contradicting: the surest is kept."""
        values = sorted(_meet(self._of("category"), same_value), key=lambda value: value.rank)
        if values:
            self._record.category, self._evidence["category"] = values[0].text, values[0].evidence

    def _set_scalar(self, name: FactField, same: Callable[[str, str], bool]) -> None:
        values = sorted(_meet(self._of(name), same, longest=False), key=lambda value: value.rank)
        if not values:
            return
        best = values[0]
        setattr(self._record, name, float(best.text) if name in _PRICES else best.text)
        self._evidence[name] = best.evidence
        self._note_conflict(name, values)

    def _set_variants(self) -> None:
        chosen: dict[str, list[str]] = {}
        for name in _CHOICES:
            values = _meet(self._of(name), same_value)
            chosen[name] = [value.text for value in values]
            self._back_list(f"variants.{name}", values)
        stock: dict[str, int] = {}
        counts = self._of("stock")
        keyed = [fact for fact in counts if fact.key]
        for fact in keyed or counts:
            key = fact.key or self._record.name or fact.evidence.quote
            same = [f for f in counts if fold_text(f.key or key) == fold_text(key)]
            if any(fold_text(known) == fold_text(key) for known in stock):
                continue
            values = sorted(_meet(same, lambda a, b: a == b), key=lambda value: value.rank)
            stock[key] = int(values[0].text)
            path = f"variants.stock.{key}"
            self._evidence[path] = values[0].evidence
            self._note_conflict(path, values)
        self._record.variants = Variants(
            sizes=chosen["sizes"], colours=chosen["colours"], stock=stock
        )

    def _set_specs(self) -> None:
        groups: dict[str, list[ExtractedFact]] = {}
        for fact in self._of("specs"):
            groups.setdefault(property_of(fact.key or ""), []).append(fact)
        for group in groups.values():
            values = sorted(_meet(group, contains_value), key=lambda value: value.rank)
            best = values[0]
            key = next((fact.key for fact in best.facts if fact.value == best.text), None) or ""
            self._record.specs[key] = best.text
            self._evidence[f"specs.{key}"] = best.evidence
            self._note_conflict(f"specs.{key}", values)

    def _set_joined(self, name: FactField) -> None:
        """Sentences of one field, one after the other."""
        values = _meet(self._of(name), contains_value)
        if not values:
            return
        stop = "；" if detect_language(values[0].text) == "zh" else ". "
        setattr(self._record, name, stop.join(value.text for value in values))
        self._evidence[name] = [evidence for value in values for evidence in value.evidence]

    def _back_list(self, path: str, values: Sequence[_Value]) -> None:
        for index, value in enumerate(values):
            self._evidence[f"{path}[{index}]"] = value.evidence

    def _note_conflict(self, path: str, values: Sequence[_Value]) -> None:
        sure = [value for value in values if value.sure]
        if len(sure) > 1:
            self._conflicts.append(
                Conflict(
                    field=path,
                    values=[ConflictValue(value=v.text, evidence=v.evidence) for v in sure],
                )
            )


def _meet(
    facts: Sequence[ExtractedFact], same: Callable[[str, str], bool], *, longest: bool = True
) -> list[_Value]:
    """Facts of equal value together; `longest` keeps the fullest wording, else the surest."""
    values: list[_Value] = []
    for fact in sorted(facts, key=lambda f: (f.confidence <= UNSURE, _ORIGINS.index(f.origin))):
        known = next((value for value in values if same(value.text, fact.value)), None)
        if known is None:
            values.append(_Value(fact.value, fact.key, [fact]))
            continue
        known.facts.append(fact)
        if longest and len(fact.value) > len(known.text) and not find_quantities(fact.value):
            known.text = fact.value
    return values
