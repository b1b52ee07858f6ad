"""Reading a question: what it is about, which entities it names, whether it wants yes or no."""

import re
from dataclasses import dataclass
from functools import cached_property

from domain.lexicon import Term, find_claims, find_fields, find_terms
from domain.quantities import Quantity, find_quantities

_OPEN_WORD = re.compile(
    r"\b(?:what|which|how|when|where|who|whom|whose|why)\b|什么|啥|多少|几|哪|怎么|怎样|如何|谁|"
    r"多(?:久|大|长|高|重|宽|厚|快|远)",
    re.IGNORECASE,
)
_PRICE_WORD = re.compile(r"\bprice|\bcosts?\b|多少钱|价|怎么卖|多少元|多少块|几块", re.IGNORECASE)
_GIVEN = re.compile(
    r"(?:还|都|也|买|拍|单|会|现在|今天|下单)\S{0,3}送(?!货|到|上|人|礼|老|爸|妈|朋友|男|女|长辈|给|修|洗|达|去|来)"
    r"|\b(?:still|also) (?:get|getting) (?:the|a|an|that|any)\b|\bfreebies?\b|\bthrown? in\b",
    re.IGNORECASE,
)
_NOW_HOW_MUCH = re.compile(
    r"(?:现在|今天|今晚|到手)(?:是|要|卖)?(?:多少|几[块元])[了啊呀呢]?\W*$|[£$€¥￥]\s*[?？]"
)
_HOW_MUCH_OF = re.compile(
    r"\bhow much (?!(?:is|are|r|was|does|do|did|for|it|its|it's|the|this|that|these|those|now|you|u"
    r"|ya|in all|would|will|with|w|money|off|today|tonight|after|per|a|an|to|if|n|and|please|pls"
    r"|again|altogether|total)\b)[a-z]{3,}|\bpercent\b|[%％]|百分之几",
    re.IGNORECASE,
)
"""Asks for an amount of something, no price: `how much wool is in it`."""
_MADE = re.compile(r"\bmade\b|\bfrom\b|\bimport|产|进口|制造|国货|的牌子", re.IGNORECASE)

# What wins when a question names several kinds: "how much is shipping" is about shipping.
_ORDER = (
    "fit", "shelf_life", "warranty", "returns", "shipping", "storage", "weight", "capacity",
    "battery", "insulation", "power", "origin", "gift", "price", "promotion", "stock", "dimensions",
    "certification", "ingredients", "flavour", "package", "material", "warnings", "usage",
    "audience", "brand", "colour", "size", "model", "features",
)  # fmt: skip
_CLASS_KIND = {
    "care": "care",
    "group": "group",
    "shipping": "shipping",
    "returns": "returns",
    "country": "origin",
    "material": "material",
    "colour": "colour",
    "size": "size",
}

_STOP_EN = re.compile(
    r"a|an|the|is|are|was|were|be|been|do|does|did|can|could|will|would|"
    r"should|may|might|has|have|had|i|you|we|they|it|its|this|that|these|"
    r"those|my|your|our|their|me|us|to|of|in|on|at|for|with|from|by|and|"
    r"or|not|no|any|some|there|here|if|so|as|about|into|out|up|get|got|"
    r"one|ones|what|which|how|when|where|who|why|kind|type|sort|much|many|"
    r"long|come|comes|please|tell|hi|hello|hey|still|just|also|really|very|"
    r"use|using|used|it's|what's|need|want|know|like|thing|things|product|"
    r"item|good|ok|make|makes|made|after|before|while"
)
_STOP_ZH = re.compile(
    r"请问|你们|我们|这个|那个|这款|那款|主播|老板|宝贝|亲|有没有|是不是|能不能|可不可以|会不会|可以|"
    r"什么|怎么样|怎么|多少|多久|多大|哪个|哪里|哪些|现在|还有|还是|支持|一下|时候|"
    r"[的了吗呢啊吧呀嘛么是有没不会能要用这那它我你他她和与及也都还就很在上下到里个款几哪谁给把被让对为]"
)
_COLOUR_NAME = re.compile(
    r"(?:^|有没有|有|要|来个|换|[\s，,。])((?:(?![种些么个几哪颜什有没要是来换的])[\u4e00-\u9fff]){1,3}色)"
)
"""A colour that the lexicon does not know (竹青色): what is asked for by a name that ends in 色."""

_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True)
class QuestionReading:
    """A question in parts; everything is found in `text` by the bilingual lexicon."""

    text: str

    @cached_property
    def terms(self) -> list[Term]:
        """Closed-class entities: colours, sizes, materials, countries, care ..."""
        known = [term for term in find_terms(self.text) if term.cls not in ("yes_no", "time")]
        named = [
            Term(*match.span(1), text=match[1], cls="colour", concept=match[1])
            for match in _COLOUR_NAME.finditer(self.text)
            if not any(t.cls == "colour" and t.start == match.start(1) for t in known)
        ]
        parts = [t for t in known if any(n.start <= t.start < n.end for n in named)]
        return [*(term for term in known if term not in parts), *named]

    @cached_property
    def proofs(self) -> list[Term]:
        """Claims of proof that are asked about: organic, BPA free, certified ..."""
        return [claim for claim in find_claims(self.text) if claim.cls == "proof"]

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Numbers and measures in the question."""
        return find_quantities(self.text)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Field concepts that the question names."""
        return frozenset(term.concept for term in find_fields(self.text))

    @cached_property
    def kind(self) -> str:
        """The one thing that the question is about, or `open`."""
        classes = {_CLASS_KIND[term.cls] for term in self.terms if term.cls in _CLASS_KIND}
        if "care" in classes and "usage" not in self.fields - {"usage"} and self.yes_no:
            return "care"
        if "group" in classes and not self.fields - {"audience", "size", "warnings", "usage"}:
            return "group"
        named = self.fields
        if not named and _NOW_HOW_MUCH.search(self.text):
            return "price"
        if "price" in named and _HOW_MUCH_OF.search(self.text):
            named = named - {"price"}
        if "price" in named and not _PRICE_WORD.search(self.text) and len(named) > 1:
            named = named - {"price"}
        for kind in _ORDER:
            if kind in named:
                return kind
        if "origin" in classes and not _MADE.search(self.text):
            classes = classes - {"origin"}
        for kind in ("shipping", "returns", "origin", "material", "colour", "size"):
            if kind in classes:
                return kind
        if "care" in classes:
            return "care"
        return "gift" if _GIVEN.search(self.text) else "open"

    @cached_property
    def yes_no(self) -> bool:
        """Whether the question can be answered with yes or no: it has no question word."""
        return _OPEN_WORD.search(self.text) is None

    @cached_property
    def content(self) -> frozenset[str]:
        """The words that carry meaning."""
        return content_words(self.text)

    @cached_property
    def particulars(self) -> frozenset[str]:
        """The words that carry meaning beside those that name the field (wireless charging)."""
        return content_words(self.topic)

    @cached_property
    def topic(self) -> str:
        """The question without field words and filler; empty for a bare `how much is it`."""
        rest = self.text
        for span in find_fields(self.text):
            rest = rest[: span.start] + " " * (span.end - span.start) + rest[span.end :]
        rest = _STOP_ZH.sub(" ", rest)
        words = [w for w in rest.split() if not _STOP_EN.fullmatch(w.strip("?!.,？！，。").lower())]
        return " ".join(words).strip(" ?!.,？！，。")

    def entities(self, cls: str) -> list[Term]:
        """The terms of one class."""
        return [term for term in self.terms if term.cls == cls]


def content_words(text: str) -> frozenset[str]:
    """Words that carry meaning: English stems, and Chinese pairs of characters."""
    words = {stem(w) for w in _WORD.findall(text.lower()) if not _STOP_EN.fullmatch(w)}
    for run in _HAN_RUN.findall(_STOP_ZH.sub(" ", text)):
        words |= {run[i : i + 2] for i in range(len(run) - 1)} or {run}
    return frozenset(words)


def stem(word: str) -> str:
    """A rough English stem: `holders` and `holder`, `leaking` and `leak` meet."""
    for ending in ("ing", "ies", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def covered(words: frozenset[str], text: str) -> float:
    """The share of `words` that `text` holds."""
    if not words:
        return 0.0
    lowered = text.lower()
    stems = {stem(word) for word in _WORD.findall(lowered)}
    hit = sum(
        word in lowered
        if _HAN_RUN.match(word)
        else word in stems or (len(word) >= 4 and any(s.startswith(word) for s in stems))
        for word in words
    )
    return hit / len(words)
