"""From what the sources of an intake say to product drafts: which fact is about which goods."""

from collections import Counter
from collections.abc import Sequence

from domain.errors import LimitExceeded
from domain.evidence import Evidence
from domain.extraction import ExtractedFact, Extraction, FactField, ProductDraft
from domain.product import Dropped, SetAside
from tools.goods import Goods, find_closest, find_topics, place_exactly, place_name, place_of
from tools.product_names import mentions
from tools.record_draft import draft_record

_OF_THE_SHOP: tuple[FactField, ...] = ("brand", "currency", "shipping", "returns_warranty")
"""What a shop says once for all its goods."""

NO_NAME = "it does not say which of the products it is about"


def merge(
    extractions: Sequence[Extraction],
    *,
    name: str | None = None,
    single: bool = False,
    limit: int | None = None,
) -> list[ProductDraft]:
    """The products that `extractions` (one a source) tell of.

    With `name`, or with `single`, exactly one: rows and sentences about other goods are set aside
    with the reason. Otherwise one for each name found; a source that names no goods belongs to the
    only product there is. Where sources differ the draft keeps a table's value before running
    text's and that before the model's, and the conflict stays open. Raises LimitExceeded above
    `limit` products.
    """
    all_goods = _find_goods(extractions)
    if name is not None or single:
        return [_merge_one(extractions, all_goods, name)]
    if limit is not None and len(all_goods) > limit:
        raise LimitExceeded(
            f"The material tells of {len(all_goods)} products; {limit} are taken at once.",
            hint="Give it in parts, name one product, or raise "
            "LIVECUE_LIMITS__PRODUCTS_PER_INTAKE.",
        )
    return _merge_all(extractions, all_goods)


def _find_goods(extractions: Sequence[Extraction]) -> list[Goods]:
    """Every product with a name of its own, tables first: their names part goods most surely."""
    found: list[Goods] = []
    for extraction in extractions:
        for fact in extraction.facts:
            if fact.origin == "table" and fact.product:
                goods = place_exactly(fact.product, found)
                goods.listed = True
    listed = any(goods.listed for goods in found)
    for extraction in extractions:
        for named in _names(extraction, only_sure=listed):
            place_name(named, found)
    for extraction in extractions:
        priced = {
            fact.product
            for fact in extraction.facts
            if fact.origin != "table"
            and fact.product
            and fact.field in ("list_price", "live_price")
        }
        for product in sorted(priced):
            place_name(product, found)
    return found


def _names(extraction: Extraction, *, only_sure: bool = False) -> list[str]:
    """What a source calls its own goods, the surest name first; `only_sure` leaves out guesses."""
    own = [f for f in extraction.facts if f.field == "name" and f.product is None]
    if only_sure:
        own = [fact for fact in own if fact.origin != "model"]
    own.sort(key=lambda fact: (fact.origin == "model", -fact.confidence))
    return list(dict.fromkeys(fact.value for fact in own))[:1]


def _merge_one(
    extractions: Sequence[Extraction], all_goods: list[Goods], name: str | None
) -> ProductDraft:
    target = _target(extractions, all_goods, name)
    others = [goods for goods in all_goods if goods is not target]
    set_aside: list[SetAside] = []
    for extraction in extractions:
        own = _own_goods(extraction, all_goods)
        if own is not None and own is not target and not own.listed:
            own = target
        for fact in extraction.facts:
            goods = _goods_of(fact, own or target, target, others)
            if goods is target:
                target.facts.append(fact)
            else:
                about = fact.product or goods.names[0]
                set_aside.append(_about_other(fact.evidence, about))
        set_aside.extend(
            _about_other(sentence, other.names[0])
            for sentence in extraction.rest
            if (other := _mentioned(sentence.quote, target, others))
        )
    return _draft(target, extractions, set_aside, name)


def _target(extractions: Sequence[Extraction], all_goods: list[Goods], name: str | None) -> Goods:
    """The product that a single intake is about."""
    listed = [goods for goods in all_goods if goods.listed]
    if name is not None:
        goods = find_closest(name, all_goods)
        if goods is None and len(all_goods) == 1:
            goods = all_goods[0]
        if goods is None and (own := _most_named(extractions, all_goods)) is not None:
            goods = own
        goods = goods or Goods([name])
        goods.names.insert(0, name)
        return goods
    if len(listed) == 1:
        return listed[0]
    return _most_named(extractions, all_goods) or (all_goods[0] if all_goods else Goods([]))


def _most_named(extractions: Sequence[Extraction], all_goods: list[Goods]) -> Goods | None:
    """The goods that most sources call their own."""
    counts = Counter(
        index
        for extraction in extractions
        for index, goods in enumerate(all_goods)
        if goods is _own_goods(extraction, all_goods)
    )
    return all_goods[counts.most_common(1)[0][0]] if counts else None


def _own_goods(extraction: Extraction, all_goods: Sequence[Goods]) -> Goods | None:
    names = _names(extraction)
    return find_closest(names[0], all_goods) if names else None


def _goods_of(fact: ExtractedFact, own: Goods, target: Goods, others: Sequence[Goods]) -> Goods:
    """Which goods a fact of a source about `own` is about."""
    if fact.product is not None:
        goods = find_closest(fact.product, [target, *others])
        return goods if goods is not None else Goods([fact.product])
    if own is target and (other := _mentioned(fact.evidence.quote, target, others)):
        return other
    return own


def _mentioned(text: str, target: Goods, others: Sequence[Goods]) -> Goods | None:
    """Other goods that `text` names, unless it names the target too."""
    if any(mentions(text, name) for name in target.names):
        return None
    return next(
        (
            goods
            for goods in others
            if any(
                mentions(text, name) and not any(mentions(own, name) for own in target.names)
                for name in goods.names
            )
        ),
        None,
    )


def _merge_all(extractions: Sequence[Extraction], all_goods: list[Goods]) -> list[ProductDraft]:
    homeless: list[SetAside] = []
    told: dict[int, list[Extraction]] = {}
    if not all_goods:
        all_goods = [Goods([])]
    for extraction in extractions:
        own = _own_goods(extraction, all_goods)
        if own is None and len(all_goods) == 1:
            own = all_goods[0]
        if own is not None:
            told.setdefault(id(own), []).append(extraction)
        listed = _listed_in(extraction, all_goods)
        topics = find_topics(extraction, all_goods) if own is None else {}
        for fact in extraction.facts:
            if fact.product is not None:
                goods = find_closest(fact.product, all_goods)
            elif fact.field in _OF_THE_SHOP and len(listed) > 1 and fact.origin != "model":
                for goods in listed:
                    goods.facts.append(fact)
                continue
            elif (
                own is None
                and fact.field in _OF_THE_SHOP
                and _mentioned(fact.evidence.quote, Goods([]), all_goods) is None
            ):
                for goods in all_goods:
                    goods.facts.append(fact)
                continue
            elif own is None and (talked := topics.get(place_of(fact.evidence))):
                goods = talked
            else:
                others = [g for g in all_goods if g is not own]
                goods = _mentioned(fact.evidence.quote, own or Goods([]), others) or own
            if goods is not None:
                goods.facts.append(fact)
            elif fact.product is not None and own is not None:
                homeless.append(_about_other(fact.evidence, fact.product))
            else:
                homeless.append(_aside(fact.evidence, NO_NAME))
    return [
        _draft(goods, told.get(id(goods), []), homeless, None, shop=_sentences(extractions))
        for goods in all_goods
        if goods.facts or not goods.names
    ]


def _listed_in(extraction: Extraction, all_goods: Sequence[Goods]) -> list[Goods]:
    """The goods that the rows of a source name."""
    names = dict.fromkeys(f.product for f in extraction.facts if f.origin == "table" and f.product)
    found = [find_closest(name, all_goods) for name in names]
    return list({id(goods): goods for goods in found if goods is not None}.values())


def _draft(
    goods: Goods,
    extractions: Sequence[Extraction],
    set_aside: Sequence[SetAside],
    name: str | None,
    *,
    shop: Sequence[Evidence] = (),
) -> ProductDraft:
    draft = draft_record(goods.facts, name=name, sentences=_sentences(extractions), shop=shop)
    asides = [*set_aside, *(aside for e in extractions for aside in e.set_aside)]
    draft.set_aside = list(dict.fromkeys(asides))
    draft.dropped = _unique_dropped(extractions)
    draft.prompts = list(dict.fromkeys(p for e in extractions for p in e.prompts))
    return draft


def _sentences(extractions: Sequence[Extraction]) -> list[Evidence]:
    return [
        evidence
        for extraction in extractions
        for evidence in (*(fact.evidence for fact in extraction.facts), *extraction.rest)
    ]


def _unique_dropped(extractions: Sequence[Extraction]) -> list[Dropped]:
    return list(dict.fromkeys(dropped for e in extractions for dropped in e.dropped))


def _aside(evidence: Evidence, reason: str, product: str | None = None) -> SetAside:
    return SetAside(text=evidence.quote, file=evidence.file, reason=reason, product=product)


def _about_other(evidence: Evidence, product: str) -> SetAside:
    return _aside(evidence, f"about other goods: {product}", product)
