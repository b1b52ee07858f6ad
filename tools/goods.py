"""The products of an intake on the way: the names that they go by and what is said of which."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.evidence import Evidence
from domain.extraction import ExtractedFact, Extraction
from tools.product_names import SAME_GOODS, alikeness, mentions, name_words, same_goods


@dataclass(slots=True)
class Goods:
    """One product on the way: the names that it goes by and what was said of it."""

    names: list[str]
    facts: list[ExtractedFact] = field(default_factory=list[ExtractedFact])
    listed: bool = False

    def is_called(self, name: str) -> bool:
        """Whether `name` is one of its names, but for brand words or a variant around it."""
        return any(same_goods(own, name) for own in self.names)

    def alikeness(self, name: str) -> float:
        """The largest share of common words of `name` and one of its names, 0-1."""
        return max((alikeness(own, name) for own in self.names), default=0.0)

    def add_name(self, name: str) -> None:
        """Remember that it goes by `name` too."""
        if name not in self.names:
            self.names.append(name)


def place_exactly(name: str, found: list[Goods]) -> Goods:
    """The goods of a table row: the same name, or the same name and a variant."""
    for goods in found:
        first = goods.names[0]
        if same_goods(first, name) and (
            name.casefold().startswith(first.casefold())
            or first.casefold().startswith(name.casefold())
        ):
            goods.add_name(name)
            return goods
    found.append(Goods([name]))
    return found[-1]


def place_name(name: str, found: list[Goods]) -> Goods:
    """The goods that `name` means, new ones where none of `found` does."""
    goods = find_closest(name, found)
    if goods is None:
        goods = Goods([name])
        found.append(goods)
    goods.add_name(name)
    return goods


def find_closest(name: str, found: Iterable[Goods]) -> Goods | None:
    """The goods that `name` means: called so, else named with it, else most alike.

    `Pebble 2` means the `Pebble 2 Robot Vacuum` of a price list, and not its `Pebble Lite`.
    """
    goods = list(found)
    called = [g for g in goods if g.is_called(name)]
    named = [g for g in goods if any(mentions(own, name) for own in g.names)]
    pool = called or named or [g for g in goods if g.alikeness(name) >= SAME_GOODS]
    return max(pool, key=lambda g: g.alikeness(name), default=None)


def find_topics(
    extraction: Extraction, all_goods: Sequence[Goods]
) -> dict[tuple[float, ...], Goods]:
    """Which goods each place of a source that is about several talks of: the last one named."""
    words = Counter(
        word for goods in all_goods for word in {w for n in goods.names for w in name_words(n)}
    )
    own = [
        {w for name in goods.names for w in name_words(name) if words[w] == 1}
        for goods in all_goods
    ]
    said = [*(fact.evidence for fact in extraction.facts), *extraction.rest]
    current: Goods | None = None
    found: dict[tuple[float, ...], Goods] = {}
    for evidence in sorted(said, key=place_of):
        spoken = name_words(evidence.quote)
        hits = [goods for goods, mine in zip(all_goods, own, strict=True) if mine & spoken]
        if len(hits) == 1:
            current = hits[0]
        elif len(hits) > 1:
            continue
        if current is not None:
            found[place_of(evidence)] = current
    return found


def place_of(evidence: Evidence) -> tuple[float, ...]:
    """Where in its source a quote stands, for sorting."""
    at = evidence.locator
    box = at.box or (0.0, 0.0, 0.0, 0.0)
    return (at.page or 0, at.line or at.row or 0, at.second or 0.0, box[1], box[0])
