"""Counting: records against their gold, fact by fact and item by item."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.product import Conflict, ProductDocument, ProductRecord
from evals.gold import GoldConflict, GoldFact, GoldProduct, Material
from evals.matching import Item, is_part, is_right, items_of, keys_agree, names_part, value_agrees
from evals.phrases import holds
from evals.report import Miss
from tools.product_names import SAME_GOODS, alikeness, same_goods
from tools.quotes import fold_text

_PRICES = ("list_price", "live_price")


@dataclass
class Counts:
    """Wanted facts found and not found, and stored items that are no fact."""

    found: int = 0
    missed: int = 0
    false: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.found + other.found, self.missed + other.missed, self.false + other.false
        )

    @property
    def precision(self) -> float:
        """Share of what is stored that is a fact, each fact counted once."""
        stored = self.found + self.false
        return self.found / stored if stored else 0.0

    @property
    def recall(self) -> float:
        """Share of the facts that are stored."""
        wanted = self.found + self.missed
        return self.found / wanted if wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def as_dict(self) -> dict[str, float | int]:
        """The shares to three digits and the counts."""
        return {
            "f1": round(self.f1, 3),
            "precision": round(self.precision, 3),
            "recall": round(self.recall, 3),
            **vars(self),
        }


@dataclass
class Score:
    """What the records of one folder, or of many, are worth."""

    by_field: dict[str, Counts] = field(default_factory=dict[str, Counts])
    only_in: dict[str, Counts] = field(default_factory=dict[str, Counts])
    wanted_products: int = 0
    found_products: int = 0
    surplus_products: int = 0
    leaks: int = 0
    conflicts: Counter[str] = field(default_factory=Counter[str])
    misses: list[Miss] = field(default_factory=list[Miss])

    @property
    def total(self) -> Counts:
        """All fields together."""
        return sum(self.by_field.values(), Counts())

    def add(self, other: "Score") -> None:
        """Take in the counts and misses of another folder."""
        for own, more in ((self.by_field, other.by_field), (self.only_in, other.only_in)):
            for name, counts in more.items():
                own[name] = own.get(name, Counts()) + counts
        self.wanted_products += other.wanted_products
        self.found_products += other.found_products
        self.surplus_products += other.surplus_products
        self.leaks += other.leaks
        self.conflicts += other.conflicts
        self.misses += other.misses


def score_folder(material: Material, documents: Sequence[ProductDocument]) -> Score:
    """The records of a folder against its gold; each gold product with at most one record.

    A fact is found when a stored item is right (`evals.matching.is_right`); several items may be
    right for one fact, and one item for several. An item that is right for no fact is false; one
    that is right for optional facts only counts neither way. A name that the user gave is not
    counted. Records of products that the gold does not have are false item by item.
    """
    score = Score(wanted_products=len(material.gold.products))
    pairs, surplus = pair_products(material.gold.products, documents)
    for product, document in pairs:
        record = document.record if document else ProductRecord()
        _Counting(material, product, score).count(record, document.conflicts if document else [])
        score.found_products += document is not None
    for document in surplus:
        score.surplus_products += 1
        _Counting(material, None, score).count_false(items_of(document.record))
    return score


def pair_products(
    products: Sequence[GoldProduct], documents: Sequence[ProductDocument]
) -> tuple[list[tuple[GoldProduct, ProductDocument | None]], list[ProductDocument]]:
    """Each gold product with the record that goes by its name, and the records left over.

    One record and one product belong together whatever they are called.
    """
    if len(products) == len(documents) == 1:
        return [(products[0], documents[0])], []
    ranked = sorted(
        (
            (_likeness(product, document), -i, -j)
            for i, product in enumerate(products)
            for j, document in enumerate(documents)
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    for likeness, i, j in ranked:
        if likeness >= SAME_GOODS and -i not in taken and -j not in taken.values():
            taken[-i] = -j
    pairs = [(p, documents[taken[i]] if i in taken else None) for i, p in enumerate(products)]
    return pairs, [d for j, d in enumerate(documents) if j not in taken.values()]


def _likeness(product: GoldProduct, document: ProductDocument) -> float:
    own = document.record.name or ""
    names = [product.name, *product.name_accept]
    if any(fold_text(name) == fold_text(own) for name in names):
        return 3.0
    if own and any(same_goods(name, own) for name in names):
        return 2.0
    return max(alikeness(name, own) for name in names)


class _Counting:
    """Counts one product of a folder into a score; without a product everything is false."""

    def __init__(self, material: Material, product: GoldProduct | None, score: Score) -> None:
        self._material = material
        self._product = product
        self._score = score
        self._given = material.gold.given_name is not None

    def count(self, record: ProductRecord, conflicts: Sequence[Conflict]) -> None:
        assert self._product is not None  # noqa: S101 - only a gold product is counted so
        items = [item for item in items_of(record) if not (self._given and item.field == "name")]
        facts = [f for f in self._product.facts if not (self._given and f.field == "name")]
        for fact in facts:
            if not fact.optional:
                self._count_fact(fact, items)
        known = [i for i in items if any(is_right(f, i) or is_part(f, i) for f in facts)]
        self.count_false([item for item in items if item not in known])
        for phrase in self._product.not_stored:
            for item in items_of(record):
                if _leaks(item, phrase):
                    self._score.leaks += 1
                    self._miss("leak", item.field, f"nothing of {phrase!r}", _say(item))
        for conflict in self._product.conflicts:
            self._count_conflict(conflict, items, conflicts)

    def count_false(self, items: Sequence[Item]) -> None:
        for item in items:
            self._of(self._score.by_field, item.field).false += 1
            self._miss("false", item.field, "no such fact", _say(item))

    def _count_fact(self, fact: GoldFact, items: Sequence[Item]) -> None:
        hit = any(is_right(fact, item) for item in items)
        only = self._material.kind_of(fact)
        counted = [self._of(self._score.by_field, fact.field)]
        if only is not None:
            counted.append(self._of(self._score.only_in, only))
        for counts in counted:
            counts.found += hit
            counts.missed += not hit
        if not hit:
            wanted = f"{fact.label} = {fact.value}"
            near = [_say(item) for item in items if item.field in (fact.field, *fact.also)]
            self._miss("missing", fact.field, wanted, " | ".join(near), files=fact.files)

    def _count_conflict(
        self, gold: GoldConflict, items: Sequence[Item], conflicts: Sequence[Conflict]
    ) -> None:
        expect = gold.expect
        self._score.conflicts[f"{expect} wanted"] += 1
        if self._handled(gold, items, conflicts):
            self._score.conflicts[f"{expect} handled"] += 1
            return
        told = [f"{c.field} {c.status} {[v.value for v in c.values]}" for c in conflicts]
        wanted = f"{gold.field} {expect} {gold.values} {gold.winner or ''}".strip()
        self._miss("conflict", gold.field.partition(".")[0], wanted, " | ".join(told))

    def _handled(
        self, gold: GoldConflict, items: Sequence[Item], conflicts: Sequence[Conflict]
    ) -> bool:
        """Listed with the status wanted and all its values; of a settled one the winner stored."""
        field_name, _, key = gold.field.removeprefix("variants.").partition(".")
        keys = self._keys_of(field_name, key)
        values = {value: self._wordings_of(field_name, value) for value in gold.values}

        def same(value: str, stored: str) -> bool:
            return any(value_agrees(field_name, w, stored) for w in values.get(value, [value]))

        listed = any(
            conflict.status == gold.expect
            and _is_about(conflict.field, field_name, keys)
            and all(any(same(value, v.value) for v in conflict.values) for value in gold.values)
            for conflict in conflicts
        )
        if gold.expect == "open" or not listed:
            return listed
        held = [i for i in items if i.field == field_name and _goes_with(field_name, i.key, keys)]
        losers = [value for value in gold.values if value != gold.winner]
        winner = gold.winner or ""
        return any(same(winner, item.value) for item in held) and not any(
            same(loser, item.value) and not same(winner, item.value)
            for item in held
            for loser in losers
        )

    def _keys_of(self, field_name: str, key: str) -> list[str]:
        """The names of the property in conflict: the gold's, and those of its fact."""
        facts = self._product.facts if self._product else []
        more = [
            fact.keys
            for fact in facts
            if fact.field == field_name and key and keys_agree(fact.keys, key)
        ]
        return [key, *(k for keys in more for k in keys)] if key else []

    def _wordings_of(self, field_name: str, value: str) -> list[str]:
        """The value in conflict and, of a settled one, the other wordings of its fact."""
        conflicts = self._product.conflicts if self._product else []
        values = [v for conflict in conflicts for v in conflict.values]
        facts = self._product.facts if self._product else []
        return [value] + [
            wording
            for fact in facts
            if fact.field == field_name and value in fact.wordings
            for wording in fact.wordings
            if wording not in values
        ]

    def _of(self, counts: dict[str, Counts], name: str) -> Counts:
        return counts.setdefault(name, Counts())

    def _miss(self, kind: str, name: str, wanted: str, got: str, files: Sequence[str] = ()) -> None:
        gold = self._material.gold
        product = self._product.name if self._product else "a product that there is not"
        about = {
            "kind": kind,
            "field": name,
            "split": gold.split,
            "lang": gold.lang,
            "sources": " ".join(sorted({self._material.kinds[file] for file in files})),
        }
        self._score.misses.append(Miss(f"{gold.id}: {product}", wanted, got, about))


def _say(item: Item) -> str:
    return f"{item.path} = {item.value}"


def _leaks(item: Item, phrase: str) -> bool:
    if holds(f"{item.key or ''} {item.value}", phrase):
        return True
    return item.field in _PRICES and value_agrees(item.field, phrase, item.value)


def _is_about(path: str, field_name: str, keys: Sequence[str]) -> bool:
    """Whether a conflict's path (`specs.weight`, `variants.stock.Moss M`) is the one wanted."""
    plain = path.removeprefix("variants.")
    own, _, key = plain.partition(".")
    return own.partition("[")[0] == field_name and _goes_with(field_name, key, keys)


def _goes_with(field_name: str, key: str | None, keys: Sequence[str]) -> bool:
    if field_name == "stock":
        return any(_names_variant(key or "", wanted) for wanted in keys) or not keys
    return not keys or keys_agree(keys, key)


def _names_variant(key: str, wanted: str) -> bool:
    """Whether two names of a variant have the same parts in whatever order."""
    return all(names_part(key, part) for part in wanted.replace("/", " ").split()) or (
        names_part(key, wanted) or names_part(wanted, key)
    )
