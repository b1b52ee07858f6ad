"""Questions that name a colour or size and ask something else of it: `does peach look orange?`."""

import re

from domain.product import ProductDocument
from tools.line_up import without_name
from tools.questions.reading import QuestionReading, content_words

_KINDS = frozenset({"colour", "size", "open"})
_OFFERED = re.compile(
    r"\b(?:have|has|had|got|gets?|any|avail\w*|stock|left|sold|sell|gone|back|restock\w*|carry"
    r"|come|comes|offer|options?|colou?rs?|sizes?|shades?|choices?|range|exist|buy|order|want|take"
    r"|still|do (?:you|u|they|it)(?: guys)? (?:do|make)|is there|are there|different|other)\b"
    r"|有(?!多|点|什么区别|啥区别|色差|异味|味)"
    r"|[没无缺](?:得|货|了|有)|补货|到货|现货|卖完|卖光"
    r"|抢完|剩|库存|几个?[色码]|哪些|什么[颜尺色]|啥[颜尺色]|颜色|尺码|尺寸|规格|下单"
    r"|买|拍|链接|要|选|来[一个件双]",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"\b(?:please|pls|plz|hi|hey|hello|omg|lol|yes|yeah|yep|no|nah|ok|now|today|tonight|then|right|too"
    r"|also|instead|only|all|em|them|one|ones|version|set|pack|pair|host|dear|guys?)\b"
    r"|[呀哈哦嘞咧啦哇呗喔]|现在|今天|今晚|那个|这个|款|色|码|号",
    re.IGNORECASE,
)


def asks_beside(reading: QuestionReading, document: ProductDocument) -> bool:
    """Whether a question that is read as one for colours or sizes wants to know something else.

    It has words of its own, and none by which people ask what there is.
    """
    if reading.kind not in _KINDS or _OFFERED.search(reading.text) is not None:
        return False
    rest = without_name(reading.text, document)
    spans = [(term.start, term.end) for term in reading.terms if term.cls in ("colour", "size")]
    words = [reading.text[start:end] for start, end in spans]
    variants = document.record.variants
    for word in [*words, *variants.colours, *variants.sizes, *variants.stock]:
        rest = re.sub(re.escape(word), " ", rest, flags=re.IGNORECASE)
    for quantity in reading.quantities:
        rest = rest.replace(quantity.text, " ")
    category = content_words(document.record.category or "")
    return bool(content_words(_PLAIN.sub(" ", rest)) - category)
