"""Building one product's record out of facts: equal values meet, differing ones are conflicts."""

from collections.abc import Callable, Sequence

from domain.evidence import PERSON, Evidence
from domain.extraction import ExtractedFact, FactField, ProductDraft
from domain.language import detect_language
from domain.product import Conflict, ConflictValue, ProductRecord, Variants
from domain.quantities import find_quantities
from tools.brands import find_brand
from tools.conflicts import (
    ORIGINS,
    SourcedValue,
    denied_by,
    figures_differ,
    is_read,
    is_sure,
    settle,
    shares_differ,
    terms_differ,
)
from tools.extraction.facts import UNSURE
from tools.extraction.labels import property_of
from tools.quotes import fold_text, says
from tools.same_value import contains_value, same_value

_LONGEST_BRAND = 4
_PRICES: tuple[FactField, ...] = ("list_price", "live_price")
_CHOICES: tuple[FactField, ...] = ("sizes", "colours")
_LISTS: tuple[FactField, ...] = (
    "promotion", "materials", "ingredients", "selling_points", "usage", "certifications",
    "returns_warranty", "warnings",
)  # fmt: skip
_JOINED: tuple[FactField, ...] = ("audience", "shipping")
_DIFFERING: dict[FactField, Callable[[str, str], bool]] = {
    "materials": shares_differ,
    "promotion": figures_differ,
    "shipping": terms_differ,
    "returns_warranty": terms_differ,
}
"""Fields of several statements, and when two of them contradict each other."""


def draft_record(
    facts: Sequence[ExtractedFact],
    *,
    name: str | None = None,
    sentences: Sequence[Evidence] = (),
    shop: Sequence[Evidence] = (),
) -> ProductDraft:
    """The record that `facts` about one product make, with evidence for every value.

    `name` is the name that the user gave; it is backed by a sentence of the sources where one says
    it, else by the user's word. Of differing values a table's is kept before running text's and
    that before the model's; the conflict is open. A value whose field is a guess, by code or by
    the model, yields to a sure one without a conflict; guesses of code contradict each other.
    `shop` are sentences of all sources, by which a maker is told.
    """
    return _Drafting(facts, sentences, shop or sentences).draft(name)


class _Drafting:
    def __init__(
        self,
        facts: Sequence[ExtractedFact],
        sentences: Sequence[Evidence],
        shop: Sequence[Evidence],
    ) -> None:
        self._shop = shop
        self._facts = facts
        self._sentences = sentences
        self._record = ProductRecord()
        self._evidence: dict[str, list[Evidence]] = {}
        self._conflicts: list[Conflict] = []

    def draft(self, name: str | None) -> ProductDraft:
        self._set_name(name)
        self._set_brand()
        self._set_category()
        for price in _PRICES:
            self._set_scalar(price, lambda a, b: float(a) == float(b))
        self._set_scalar("currency", lambda a, b: a == b)
        self._set_variants()
        self._set_specs()
        for listed in _LISTS:
            values = _meet(self._of(listed), contains_value)
            if listed in _DIFFERING:
                values = self._consistent(listed, values, _DIFFERING[listed])
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

    def _set_brand(self) -> None:
        """The brand that is stated, else a maker's name that sources show, else a guess."""
        if not any(value.sure for value in _meet(self._of("brand"), contains_value)):
            name = fold_text(self._record.name or "")
            names = [fact.value for fact in self._of("name")]
            alone = [e for e in self._sentences if _leads(fold_text(e.quote), name)]
            if alone:
                brand = max(alone, key=lambda evidence: len(evidence.quote))
                self._record.brand, self._evidence["brand"] = brand.quote.strip(), [brand]
                return
            if found := find_brand(self._record.name, self._shop, names=names):
                self._record.brand, self._evidence["brand"] = found[0], [found[1]]
                return
        self._set_scalar("brand", contains_value)
        guessed = all(fact.origin == "model" for fact in self._of("brand"))
        if guessed and self._record.brand and not self._is_known(self._record.brand):
            self._record.brand = None
            del self._evidence["brand"]

    def _is_known(self, brand: str) -> bool:
        """In the name of the goods, or said by more than one source."""
        if says(brand, self._record.name or ""):
            return True
        return len({e.source for e in self._shop if says(brand, e.quote)}) > 1

    def _set_category(self) -> None:
        """Wordings of the kind of goods differ without contradicting: the surest is kept."""
        values = sorted(_meet(self._of("category"), same_value), key=lambda value: value.rank)
        if values:
            self._record.category, self._evidence["category"] = values[0].text, values[0].evidence

    def _set_scalar(self, name: FactField, same: Callable[[str, str], bool]) -> None:
        values = self._settled(name, _meet(self._of(name), same, longest=False))
        if not values:
            return
        best = values[0]
        setattr(self._record, name, float(best.text) if name in _PRICES else best.text)
        self._evidence[name] = best.evidence

    def _set_variants(self) -> None:
        chosen: dict[str, list[str]] = {}
        for name in _CHOICES:
            values = _meet(self._of(name), same_value)
            chosen[name] = [value.text for value in values]
            self._back_list(f"variants.{name}", values)
        stock: dict[str, int] = {}
        counts = self._of("stock")
        keyed = [fact for fact in counts if fact.key]
        only = chosen["sizes"][0] if len(chosen["sizes"]) == 1 else None
        for fact in keyed or counts:
            key = fact.key or only or self._record.name or fact.evidence.quote
            same = [f for f in counts if fold_text(f.key or key) == fold_text(key)]
            if any(fold_text(known) == fold_text(key) for known in stock):
                continue
            path = f"variants.stock.{key}"
            values = self._settled(path, _meet(same, lambda a, b: a == b))
            stock[key] = int(values[0].text)
            self._evidence[path] = values[0].evidence
        self._record.variants = Variants(
            sizes=chosen["sizes"], colours=chosen["colours"], stock=stock
        )

    def _set_specs(self) -> None:
        groups: dict[str, list[ExtractedFact]] = {}
        for fact in self._of("specs"):
            groups.setdefault(property_of(fact.key or ""), []).append(fact)
        for group in groups.values():
            values = _meet(group, contains_value)
            first = min(values, key=lambda value: value.rank)
            key = next((fact.key for fact in first.facts if fact.value == first.text), None) or ""
            best = self._settled(f"specs.{key}", values)[0]
            self._record.specs[key] = best.text
            self._evidence[f"specs.{key}"] = best.evidence

    def _set_joined(self, name: FactField) -> None:
        """Sentences of one field, one after the other."""
        values = _meet(self._of(name), contains_value)
        if name in _DIFFERING:
            values = self._consistent(name, values, _DIFFERING[name])
        if not values:
            return
        stop = "；" if detect_language(values[0].text) == "zh" else ". "
        setattr(self._record, name, stop.join(value.text for value in values))
        self._evidence[name] = [evidence for value in values for evidence in value.evidence]

    def _back_list(self, path: str, values: Sequence[SourcedValue]) -> None:
        for index, value in enumerate(values):
            self._evidence[f"{path}[{index}]"] = value.evidence

    def _settled(self, path: str, values: Sequence[SourcedValue]) -> list[SourcedValue]:
        """Differing values of one field, the kept one first; the conflict is noted."""
        ranked = sorted(values, key=lambda value: value.rank)
        sure = [value for value in ranked if value.sure]
        counts = is_sure
        if not sure:
            sure = [value for value in ranked if any(is_read(fact) for fact in value.facts)]
            counts = is_read
        if len(sure) < 2:
            return ranked
        settled = settle(sure, counts=counts)
        if settled:
            ranked.sort(key=lambda value: value is not settled[0])
        self._note(path, sure, settled)
        return ranked

    def _note(
        self,
        path: str,
        values: Sequence[SourcedValue],
        settled: tuple[SourcedValue, str] | None,
    ) -> None:
        winner = settled[0] if settled else None
        ordered = sorted(values, key=lambda value: value is not winner)
        self._conflicts.append(
            Conflict(
                field=path,
                values=[ConflictValue(value=v.text, evidence=v.evidence) for v in ordered],
                status="resolved" if settled else "open",
                policy=settled[1] if settled else None,
            )
        )

    def _consistent(
        self, path: str, values: list[SourcedValue], differ: Callable[[str, str], bool]
    ) -> list[SourcedValue]:
        """Statements of one list without those that the policy overrules.

        Of statements that contradict each other the conflict is noted; open ones are all kept.
        """
        overruled: list[SourcedValue] = []
        for index, value in enumerate(values):
            for other in values[index + 1 :]:
                if value.sources & other.sources and not _corrected(value, other):
                    continue
                if not differ(value.text, other.text) and not denied_by(value, other):
                    continue
                settled = settle([value, other])
                self._note(path, [value, other], settled)
                if settled:
                    overruled.append(other if settled[0] is value else value)
        return [value for value in values if value not in overruled]


def _corrected(a: SourcedValue, b: SourcedValue) -> bool:
    """One source takes back what it said itself."""
    return any(fact.correction for fact in (*a.facts, *b.facts) if is_sure(fact))


def _leads(text: str, name: str) -> bool:
    """Whether `text` is the first word, or the first two characters or more, of `name`."""
    if not text or text == name or not name.startswith(text):
        return False
    if text.isascii():
        return name[len(text) : len(text) + 1] == " " and text.isalpha()
    return 2 <= len(text) <= _LONGEST_BRAND


def _meet(
    facts: Sequence[ExtractedFact], same: Callable[[str, str], bool], *, longest: bool = True
) -> list[SourcedValue]:
    """Facts of equal value together; `longest` keeps the fullest wording, else the surest."""
    values: list[SourcedValue] = []
    for fact in sorted(facts, key=lambda f: (f.confidence <= UNSURE, ORIGINS.index(f.origin))):
        known = next((value for value in values if same(value.text, fact.value)), None)
        if known is None:
            values.append(SourcedValue(fact.value, fact.key, [fact]))
            continue
        known.facts.append(fact)
        if longest and len(fact.value) > len(known.text) and not find_quantities(fact.value):
            known.text = fact.value
    return values
