"""Questions in a chat, and what the answer below them is about."""

import re

from domain.extraction import FactField

_QUESTION = re.compile(
    r"^[^\d.]{1,48}\b(?:pls|plz|please)[\s.!]*$|[?？][\s\"”)）]*$"
    r"|(?:吗|呢|怎么说|多少钱|有没有|能不能|可不可以|是不是|怎么样|怎么办|怎么弄|怎么[\u3400-\u9fff]{1,2}|多[大长高宽重厚久少])[呀啊。！~\s]*$"
    r"|(?P<verb>[\u3400-\u9fff])不(?P=verb)[的呀啊]?[。！~\s]*$"
    r"|^[^，,。]{0,14}(?:什么|有啥|多久|咋样|哪[里些个])[^，,。]{0,8}$"
    r"|^(?:how (?:much|many|long|big|do|does)|what(?:'s|s| is| are| about| do)|do (?:you|i|we|they)"
    r"|does (?:it|the|this)|anything|which (?:one|size)"
    r"|can (?:i|you|it|we)|could (?:i|you|we)|is (?:it|there|this)|are (?:they|there"
    r"|these))\b[^.!]*$",
    re.IGNORECASE,
)
_MOST_WORDS = 6
_MOST_HAN = 10

_CUES = {
    "price": r"\bprices?\b|\bhow much\b|价|多少钱",
    "selling_points": r"like about|special about|why (?:buy|people)|卖点|亮点|优势|特点",
    "promotion": r"\bgifts?\b|\bextras?\b|\bbonus\b|\bdeals?\b|\bpromo\w*|赠品|福利|优惠|送[什啥]",
    "materials": r"made of|\bmaterials?\b|\bfabric\b|材质|面料|什么料",
    "usage": r"\bwash\w*|\bcare\b|\bclean(?:ing|ed)?\b(?! \w+ w)|how"
    r" (?:do|to) (?:you |i |we )?use|洗|保养|怎么[用吃]",
    "shipping": r"\bshipping\b|\bdeliver\w*|\bpostage\b|\bdispatch\b|发货|快递|包邮|多久到|物流",
    "returns_warranty": r"\breturns?\b|\bwarranty\b|\bguarantee\b|\brefunds?\b|退|售后|质保|保修",
    "stock": r"\bstock\b|\bhow many (?:have|do|are|left|units|pieces|pcs|in)\b|库存|备了?多少"
    r"|多少[件货]|几[件套]货",
    "ingredients": r"\bingredients\b|what'?s in (?:it|them)\b|配料|成[分份]",
    "audience": r"\bwho(?:'s| is)? (?:it )?for\b|\bwho (?:buys|uses|wears)\b|多少人"
    r"|suitable|suits?\b|适合|什么人|哪些人|多大的?宝宝",
    "warnings": r"\bwarnings?\b|\bcareful\b|\bsafe\b|注意|禁忌|不能用",
}
_ASKED = {topic: re.compile(cue, re.IGNORECASE) for topic, cue in _CUES.items()}


_CONTENTS = re.compile(
    r"(?:in|inside) the (?:box|pack(?:age)?|set|kit)|included|包装里|盒子?里|里面(?=有|都)|配件",
    re.IGNORECASE,
)
_PROPERTY = re.compile(
    r"\bhow (?:big|large|heavy|long|tall|wide|thick|strong|loud|much)(?: is| are| does| do)?"
    r"(?: the| your| its)? (?P<key>[a-z][a-z ]{2,24}?)(?: weigh| last| hold)?\W*$"
    r"|^(?:and |so )?(?:a|an|the|one|each)? ?(?P<does>[a-z]{3,14} (?:lasts?|weighs?|holds?))\W*$"
    r"|^(?P<noun>[a-z]{3,12} (?:temp|temperature|size|weight|length|height|width|capacity))\W*$"
    r"|(?P<zh>[\u3400-\u9fff]{2,6}?)(?:有|是)?(?:多[大长高宽重厚久]|多少)[呀啊]?\W*$",
    re.IGNORECASE,
)


def asked_property(text: str) -> str | None:
    """The property that a question asks the value of, as it names it (`dust bin`, 尘盒)."""
    if match := _CONTENTS.search(text):
        return match.group()
    match = _PROPERTY.search(re.split(r"[,，]", text.strip())[0])
    return (match["key"] or match["does"] or match["noun"] or match["zh"]) if match else None


def is_question(text: str) -> bool:
    """Asks and does not tell."""
    return _QUESTION.search(text) is not None


def find_questions(text: str) -> list[str]:
    """A message, and the parts of it that ask something, the last one first."""
    parts = re.split(
        r"(?<=[?？])\s*|(?<=[.!。！])\s+|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", text
    )
    return [text, *(part for part in reversed(parts) if part != text and is_question(part))]


def asked_topics(text: str) -> tuple[str, ...]:
    """What a message asks about, in the order in which it names it; empty where it asks nothing.

    A few words without a number count as a question in a chat (`price on stream`, 发货和售后). The
    topics are fields of a record, and `price`.
    """
    bare = text.strip(" ?？!！。.~")
    han = len(re.findall(r"[\u3400-\u9fff]", bare))
    brief = (han <= _MOST_HAN if han else len(bare.split()) <= _MOST_WORDS) and not re.search(
        r"\d", bare
    )
    if not brief and not is_question(text):
        return ()
    places = [
        (match.start(), topic) for topic, cue in _ASKED.items() if (match := cue.search(bare))
    ]
    return tuple(topic for _, topic in sorted(places))


def as_field(topic: str) -> FactField | None:
    """The field that an asked topic fills with sentences, None for one that needs values."""
    match topic:
        case (
            "selling_points" | "promotion" | "usage" | "shipping" | "returns_warranty" | "audience"
            | "warnings" as field
        ):  # fmt: skip
            return field
        case _:
            return None
