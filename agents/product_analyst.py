"""The product analyst: reads facts out of a source, by code first, prose by the model."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from domain.errors import ModelOutputInvalid
from domain.evidence import Evidence, Passage
from domain.extraction import ExtractedFact, Extraction, FactField
from domain.lexicon import find_terms
from domain.outputs import ExtractedRecord, TitleAttributes
from domain.pool import in_pool
from domain.product import Dropped
from models.chat import ChatModel, Priority
from models.prompts import PromptLibrary
from tools.attributes import find_in_title, read_attributes
from tools.chunking import count_tokens, split_material
from tools.extraction import date_facts, extract_facts, is_commercial, is_point, is_talk, topic_of
from tools.extraction.facts import make_fact, tidy
from tools.extraction.sorting import ClauseSorter
from tools.extraction.variants import split_items
from tools.product_names import alikeness, mentions
from tools.quotes import find_quote, find_words, fold_text, says
from tools.same_value import is_measure

PROMPT = "product_analyst/extract"
TITLE_PROMPT = "product_analyst/attributes"
TITLE_TOKENS = 250
MAX_TOKENS = 600
"""Of an answer: ten selling points and six materials of usual length take some 400."""

OPENING = 3
"""Passages at the start of a source that the model sees even if code has read them: the name
of the goods stands there more often than anywhere else."""

NAMING_TOKENS = 12
"""Of a chat line that may name the goods (`here is what you asked about ...`); a shorter one
greets, and a small model takes the person for the brand."""

_LEAD_IN = re.compile(
    r"(?:yes|no|and|also|well|so|oh|right|是的|对|对了|还有|嗯)[,，、!！ ]+", re.IGNORECASE
)
_OF_A_LIST = re.compile(
    r"\b(?:price|list|sheet|export|line-?up|assortment)\b|价格?表|报价|库存表|清单|供货",
    re.IGNORECASE,
)
"""Words of a price list's own title, which names no goods."""
_LONGEST_NAME = 80
_NO_BRANDS = ("仓", "店", "公司", "工厂", "品牌部", "Ltd", "Ltd.", "GmbH", "Inc.")
_LONGEST_ATTRIBUTE = 6


class ProductAnalyst:
    """Reads product material; `model` is asked once a chunk, and not at all for plain tables."""

    def __init__(self, model: ChatModel, prompts: PromptLibrary, sorter: ClauseSorter) -> None:
        self._model = model
        self._prompts = prompts
        self._sorter = sorter

    async def read(
        self, passages: Sequence[Passage], *, priority: Priority = Priority.BATCH
    ) -> Extraction:
        """The facts of one source.

        What the model proposes is kept only where the source says it (`tools.quotes`); the rest is
        `dropped` with the reason `quote_not_found`, or `price_stock_or_promotion` where it does
        not belong among qualities. A chunk that the model cannot put into shape is dropped as
        `model_output_invalid`, and what code has read stays.
        """
        reading = await in_pool(extract_facts, passages)
        passages = [passage for passage in passages if passage.aside is None]
        known = await in_pool(self._sorter.doubt, reading.facts)
        placed, dropped = await in_pool(self._sorter.place, _told(passages, reading.rest))
        facts, prompts = [*known, *placed], list[str]()
        others: list[str] = []
        sentences = _for_model(passages, known, reading.rest)
        places = {(p.source_id, p.locator): p for p in passages}
        shown = [
            places[s.source, s.locator].model_copy(update={"text": s.quote}) for s in sentences
        ]
        material = "\n".join(sentence.quote.replace("\n", " ") for sentence in sentences)
        for chunk in await in_pool(split_material, material):
            prompt = self._prompts.render(PROMPT, material=chunk)
            prompts = [str(prompt.ref)]
            try:
                parsed = await self._model.parse(
                    prompt, ExtractedRecord, priority=priority, max_tokens=MAX_TOKENS
                )
            except ModelOutputInvalid as error:
                file = passages[0].file
                dropped.append(
                    Dropped(
                        field="*", value=error.message, reason="model_output_invalid", file=file
                    )
                )
                continue
            proposed = _Proposal(parsed.value, shown, known)
            facts += await in_pool(self._sorter.second, proposed.facts)
            dropped += proposed.dropped
            others += proposed.others
        names = [fact.value for fact in facts if fact.field == "name" and fact.product is None]
        facts = date_facts(list(_attribute(facts, reading.rest, others, names)), passages)
        said = {fact.evidence.quote for fact in facts}
        rest = [sentence for sentence in reading.rest if sentence.quote not in said]
        return Extraction(
            facts=facts, dropped=dropped, set_aside=reading.set_aside, rest=rest, prompts=prompts
        )

    async def read_attributes(
        self,
        title: str,
        category: str,
        attributes: Sequence[str],
        *,
        priority: Priority = Priority.BATCH,
    ) -> dict[str, str]:
        """The values of `attributes` that `title` states, in its own words; absent ones left out.

        Code reads what rules know; the model is asked once for the rest, and believed only where
        its few words stand in the title and say nothing that code has read as another attribute.
        Where its answer has no shape, what code has read stays.
        """
        reading = read_attributes(title, category, attributes)
        if not reading.unsure:
            return reading.values
        prompt = self._prompts.render(
            TITLE_PROMPT, title=title, category=category, attributes=list(reading.unsure)
        )
        try:
            parsed = await self._model.parse(
                prompt, TitleAttributes, priority=priority, max_tokens=TITLE_TOKENS
            )
        except ModelOutputInvalid:
            return reading.values
        sure = [v for name, v in reading.values.items() if name not in reading.unsure]
        told = {
            name: words
            for name, value in parsed.value.values.items()
            if name in reading.unsure
            and len(value.split()) <= _LONGEST_ATTRIBUTE
            and (words := find_in_title(value, title)) is not None
            and not any(says(words, known) or says(known, words) for known in sure)
        }
        return reading.values | told


def _told(passages: Sequence[Passage], rest: Sequence[Evidence]) -> list[Evidence]:
    """The sentences of `rest` that are no headings."""
    headings = {fold_text(passage.text) for passage in passages if passage.heading}
    return [sentence for sentence in rest if fold_text(sentence.quote) not in headings]


def _for_model(
    passages: Sequence[Passage], facts: Sequence[ExtractedFact], rest: Sequence[Evidence]
) -> list[Evidence]:
    """What the model reads: what code could not place, after the opening of the source."""
    start = {(p.source_id, p.locator) for p in passages[:OPENING] if p.cells is None}
    left = [sentence for sentence in rest if not is_talk(sentence.quote)]
    if not left and (not start or any(fact.field == "name" for fact in facts)):
        return []
    said = [*rest, *(fact.evidence for fact in facts if fact.origin == "pattern")]
    said = [e for e in said if not is_talk(e.quote) or count_tokens(e.quote) >= NAMING_TOKENS]
    opening = [sentence for sentence in said if (sentence.source, sentence.locator) in start]
    places = {(e.locator, e.quote): e for e in [*opening, *left]}
    order = {(p.source_id, p.locator): index for index, p in enumerate(passages)}
    return sorted(places.values(), key=lambda e: order.get((e.source, e.locator), 0))


class _Proposal:
    """A model's record, each value held against the source."""

    def __init__(
        self,
        record: ExtractedRecord,
        passages: Sequence[Passage],
        known: Sequence[ExtractedFact],
    ) -> None:
        self._passages = passages
        self._known = _told_sentences(known)
        self._ingredients = [fact.value for fact in known if fact.field == "ingredients"]
        self._headings = {fold_text(p.text) for p in passages if p.heading}
        self.facts: list[ExtractedFact] = []
        self.dropped: list[Dropped] = []
        scalars: tuple[tuple[FactField, str], ...] = (
            ("name", record.name),
            ("brand", record.brand),
            ("category", record.category),
        )
        for field, value in scalars:
            if field == "brand" and not _may_be_brand(value, record.name):
                continue
            if _OF_A_LIST.search(value):
                continue
            if value.strip() and len(value) <= _LONGEST_NAME:
                self._keep(field, value)
        for value in record.materials:
            self._keep("materials", value)
        for value in record.selling_points:
            for point in re.split(r"[;；]", value):
                self._keep_point(point, record.materials)
        self.others = [
            tidy(value) for value in record.other_products if self._is_other(value, record.name)
        ]

    def _keep(self, field: FactField, value: str) -> None:
        value = tidy(value)
        if not value:
            return
        quote = find_words(value, self._passages)
        if quote is None:
            self._drop(field, value, "quote_not_found")
        elif field == "materials" and not _names_a_material(value, quote.evidence.quote):
            self._drop(field, value, "no_known_material")
        elif field == "materials" and any(says(value, known) for known in self._ingredients):
            self._drop(field, value, "an_ingredient")
        else:
            self.facts.append(make_fact(field, quote.words, quote.evidence, origin="model"))

    def _keep_point(self, value: str, materials: Sequence[str]) -> None:
        """A selling point that no rule has read as something else already."""
        value = _LEAD_IN.sub("", value.strip(), count=1) if _LEAD_IN.match(value.strip()) else value
        if not is_point(value) or fold_text(value) in self._headings:
            return
        if any(says(value, sentence) for sentence in self._known) or is_measure(value):
            return
        if all(any(says(part, known) for known in materials) for part in split_items(value)):
            return
        if is_commercial(value):
            self._drop("selling_points", value.strip(), "price_stock_or_promotion")
        elif topic_of(value) in (None, "materials", "audience"):
            self._keep("selling_points", value)

    def _is_other(self, value: str, name: str) -> bool:
        """A real name: said by the source, no colour or material, not the product itself."""
        value = tidy(value)
        if not value or alikeness(value, name) >= 0.5 or find_quote(value, self._passages) is None:
            return False
        if value.isascii() and (value == value.lower() or len(value) < 4):
            return False
        covered = sum(term.end - term.start for term in find_terms(value))
        return covered < len(value) * 0.6 and fold_text(value) != fold_text(name)

    def _drop(self, field: str, value: str, reason: str) -> None:
        file = self._passages[0].file
        self.dropped.append(Dropped(field=field, value=value, reason=reason, file=file))


def _may_be_brand(value: str, name: str) -> bool:
    """A brand has a capital, a digit or is Chinese; it does not end the name, where the kind does.

    A small model takes a common word of a chat, a warehouse or the kind of goods for one.
    """
    brand, whole = fold_text(value), fold_text(name)
    if value.isascii() and value == value.lower():
        return False
    return brand != whole and not whole.endswith(brand) and not value.endswith(_NO_BRANDS)


def _told_sentences(facts: Sequence[ExtractedFact]) -> list[str]:
    """Sentences that code has read whole: more than a property or a material in passing."""
    read: defaultdict[str, int] = defaultdict(int)
    for fact in facts:
        whole = fact.field not in ("specs", "materials")
        length = len(fact.value) + len(fact.key or "")
        read[fact.evidence.quote] += len(fact.evidence.quote) if whole else length
    return [quote for quote, length in read.items() if length * 2 >= len(quote)]


def _names_a_material(value: str, sentence: str) -> bool:
    """`value` itself says a material, or is a share in a sentence that does."""
    if any(term.cls == "material" for term in find_terms(value)):
        return True
    return "%" in sentence and any(term.cls == "material" for term in find_terms(sentence))


def _attribute(
    facts: Iterable[ExtractedFact],
    rest: Sequence[Evidence],
    others: Sequence[str],
    names: Sequence[str],
) -> Iterable[ExtractedFact]:
    """The facts, those said of other goods under the name of these."""

    def other_in(text: str) -> str | None:
        if any(mentions(text, name) for name in names):
            return None
        return next((other for other in others if mentions(text, other)), None)

    for fact in facts:
        other = None
        if fact.product is None and fact.field not in ("name", "promotion"):
            other = other_in(fact.evidence.quote)
        yield fact if other is None else fact.model_copy(update={"product": other})
    for sentence in rest:
        if other := other_in(sentence.quote):
            yield make_fact("name", other, sentence, origin="model", product=other)
