"""What a sentence is about, told from its words: shipping, returns, care, warnings and the like."""

import re

from domain.extraction import FactField
from domain.quantities import find_quantities

_RETURNS = (
    r"\b(?:send (?:it|them) back|covered for \d|swap the size|\d+[- ]days? (?:\w+ )?trial"
    r"|returns?|returned|returnable|refund\w*|warrant(?:y|ies)|guaranteed? (?:for|against)"
    r"|money[- ]back|exchanges?)\b"
    r"|\bguarantee\b|\b(?:we|will) (?:replace|repair)\b|\breplace(?:d|ment)?\b.{0,30}\b(?:free"
    r"|broken|damaged)\b"
    r"|退货|退换|换货|退款|保修|质保|退全款|全额退|破损|坏[^，。]{0,4}[补赔]|运费险|无理由|包退|包换|退钱|退差价|补发|可以退|免费(?:修补|维修|换新|更换)|售后|只换不修|假一赔"
)
_PROMOTION = (
    r"\bbuy (?:\d|one|two|three|any)\b.{0,20}\b(?:get|save|for)\b|\b(?:free|extra"
    r"|complimentary"
    r"|bonus) (?:gift|sample|pouch|bag)s?\b|\bgift with\b"
    r"|\bcomes? (?:in|with) (?:a|an|its)\b.{0,24}\b(?:gift box|box|pouch|bag|case)\b"
    r"|\bcoupons?\b|\bvouchers?\b|\d ?% off\b|[$€£¥]\s?\d+(?:\.\d+)? off\b|\bdiscount\b"
    r"|\bbundle\b|\bfirst \d+ (?:orders|buyers|customers)\b"
    r"|\bgets? (?:a|an|one|two|\d)\b.{0,40}\b(?:free|on top)\b"
    r"|\b(?:goes out|comes?|ships?|sent) with (?:a|an|one|two|\d)\b.{0,40}\bfree\b"
    r"|\b(?:two|three|four|[2-6]) (?:\w+ ){0,2}for [$€£¥]\s?\d"
    r"|\b(?:only|just) (?:during|on|for) (?:the|this|our) (?:live|stream|show)\b"
    r"|\bhalf price\b|\bflash sale\b|\bsave [$€£¥]?\d|\b(?:2|two|second|2nd) (?:for|one"
    r"|item)\b.{0,12}(?:off|price|free)"
    r"|买\S{1,3}[送赠得](?!货)|每[单盒件袋份箱]\S{0,3}送|满\s*\d+.{0,6}[减送赠]|立减|优惠(?!价)|加赠|赠品|赠送|[再另加]送"
    r"|(?<![配发运输护赠分])送(?=[一二两三\d]|收纳|运费险|同款|礼)(?!礼)"
    r"|第[二2]件|领券|再减|下单(?:即|就|立|再)?(?:送|赠|减)|拍[一二两三\d]发|前\s*\d+\s*[名单位]"
    r"|(?:[两二三四2-6]|第[二三])\s?(?:只|件|盒|瓶|支|双|条|个|包|袋|套|罐)装?[一共]?(?:只要|才|合计|一起)?\s?\d{2,}"
    r"|秒杀(?!价)|[\d一二三四五六七八九]折(?!叠)|恢复原价"
)
_SHIPPING = (
    r"\b(?:leaves? the same day|same[- ]day|order(?:ed|s)? before \d"
    r"|\d (?:working |business )?days? (?:longer|more)|posted (?:from|within|by|in)"
    r"|free (?:over|from|above) [$€£\d]|flat [$€£]\d"
    r"|ships?|shipped|shipping|dispatch(?:ed|es)?|deliver(?:y|ed|s|ies)|orders (?:leave|go out)"
    r"|courier|postage|express mail)\b"
    r"|\d\s?(?:小时|天|h)内?[，,]?(?:就|都|可以?|能)*发|\w仓发|拍下.{0,6}\d+\s?(?:小时|天|h)"
    r"|发(?:圆通|中通|申通|韵达|顺丰|京东|邮政|极兔)|来回运费|次日达|隔日达"
    r"|发货|现货|当[天日]发|下单.{0,6}发出?|包邮|快递|物流|配送|运费|邮费|送货|顺丰|现货速发"
)
_WARNING = (
    r"\b(?:do not|don't|don’t|dont|never|must not|should not|not for|not (?:suitable|intended"
    r"|recommended|safe)|avoid|keep (?:away|out)|warning|caution|flammable"
    r"|can (?:damage|harm|injure))\b"
    r"|请勿|切勿|严禁|禁止|不可|不能|不得|不要|勿(?!忘)|千万别|别(?=[^的，。]{0,8}(?:叠着用|一起用|用水|放冰箱|空腹))|别(?=[^的]{0,3}(?:水洗|机洗|手洗|干洗|暴晒|碰|泡|浸|加热|拧|熨|漂))|谨防|忌(?!口)|避免|不适合|不宜|不建议|警告|停用|停止使用|就医|远离|孕妇|咨询医生|慎用|避光"
)
_NO_WARNING = (
    r"\b(?:don't|don’t|do not|never|not) (?:forward|share|mix it in|bring it up"
    r"|for (?:the |this )?(?:live|show|stream)"
    r"|mention|worry|miss|forget|hesitate|tell|know|think"
    r"|wait|fade|lose|go out|have)\b"
    r"|控价|低于[^，。]{0,6}价|(?:不要|不能|请勿)(?:外传|转发|担心|错过|犹豫|忘|提|讲|说|再等)|不可(?:错过|思议|或缺|多得)|避免不了"
)
_USAGE = (
    r"\b(?:(?:machine|hand|cold)[- ]?wash\w*|wash (?:it|with|at|in|cold|warm|separately|before)"
    r"|washable|rinse|dishwasher|microwave|wipe"
    r"|(?:wash|iron|hang|rinse|clean|soak) (?:\w+ ){0,2}(?:damp|wet|separately|inside out|alone"
    r"|before|dry|cold|warm)|tumble|dry (?:flat|clean|in)|line dry|iron (?:on|at|low)|bleach"
    r"|store (?:in|at|it|away|cool|below|under|dry)|use within \d"
    r"|(?:double[- ]|triple[- ])?tap (?:the|once|twice|left|right)|hold (?:down )?the \w+ (?:key"
    r"|button)"
    r"|press and hold"
    r"|apply|shake well|charge (?:it|fully|before)|before (?:first |the first )?use|how to use"
    r"|take (?:one|two|\d+) (?:capsules?|tablets?|pills?|drops|scoops?|spoons?|sachets?|gumm))"
    r"|可以?[^，。不]{0,6}洗|水洗|手洗|机洗|干洗|清洗|冲洗|擦拭|晾|熨|(?<!未)洗涤|存放|贮存|储存|通风处|使用(?:时|前|后|方法)|首次使用|建议先|涂抹|冲泡|微波炉|洗碗机"
    r"|充电(?:前|后|时(?![间长]))|开封后|(?:双击|三击|单击|长按|短按|轻触)(?=\W|[左右\d]|[\u3400-\u9fff]{0,6}[:：])"
)
_AUDIENCE = (
    r"^\W*(?:from|ages?|for ages?) \d+ ?(?:\+|months?|mo\b|years?|yrs?)|"
    r"\b(?:suits|suitable for(?! food)|ideal for|perfect for|designed for|great for|good for"
    r"|recommended for|best for|meant for|for (?:ages?|kids|children|adults|men|women|babies"
    r"|teens|beginners))\b"
    r"|适合|适用人群|适用于|专为.{1,12}(?:设计|打造)|人群"
)
_MATERIALS = (
    r"(?:含量|占比)\s*\d+(?:\.\d+)?\s*[%％]|(?:是|用的?是|选用|选的是)[^，。；]{0,8}(?:棉|麻|丝|绒|皮|革|钢|木|瓷|玻璃|硅胶|乳胶|铝|竹"
    r"|羊毛|莫代尔)(?:的|面料|材质|制|做的)|"
    r"\bmade (?:of|from|with|out of)\b|\b\d{1,3} ?% (?:\w+ ){0,3}(?:cotton|wool|silk|linen"
    r"|polyester|nylon|leather|cashmere|bamboo|viscose|down)\b|采用.{1,14}(?:面料|材质|材料|制成|制作)"
    r"|材质(?:是|为)|面料(?:是|为)|\d+[%％](?:[^，。；]{0,4})(?:棉|丝|麻|羊毛|聚酯|羊绒|纤维|绒)"
)
_STOCK = r"库存|\bstock\b|\binventory\b|\bsold out\b|售罄|\bonly \d+ left\b|仅剩|只剩|现货\s*\d"
_PRICE = r"价格|原价|直播价|到手价|日常价|价\b|\bprices?\b|\bpriced\b"

_TOPICS: tuple[tuple[FactField, str], ...] = (
    ("returns_warranty", _RETURNS),
    ("shipping", _SHIPPING),
    ("promotion", _PROMOTION),
    ("warnings", _WARNING),
    ("usage", _USAGE),
    ("audience", _AUDIENCE),
    ("materials", _MATERIALS),
)
_ORDER: tuple[tuple[FactField, re.Pattern[str]], ...] = tuple(
    (field, re.compile(pattern, re.IGNORECASE)) for field, pattern in _TOPICS
)
_NOT_WARNING = re.compile(_NO_WARNING, re.IGNORECASE)
_COMMERCIAL = re.compile(f"{_STOCK}|{_PRICE}|{_PROMOTION}", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_CLAUSES = re.compile(
    r"(?<=，)|(?<=, )(?=(?:but |and |so )?(?:do not|don't|don’t|dont|never|not for|no bleach|avoid"
    r"|free \w+ (?:for|with)|ships?|we ship|returns?)\b)",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(
    r"\s*(?:而?不是[^，。]*|以[^，。]{0,8}为准[^，。]{0,3}|更正一?下?[^，。]{0,2})[，。]?$"
)
_CLOSED = ("audience", "materials")
"""Topics that the clause after them does not go on with."""
_ADVERT = re.compile(
    r"\b(?:sponsored|advertisement|advert|you may also like|"
    r"(?:customers|people|others) also (?:buy|bought|view|viewed)"
    r"|also from (?:us|our)|also available from our"
    r"|check out our other|our other products|more from this (?:shop|store|brand))\b"
    r"|^\s*(?:广告|推广)|店铺其他|[全本小]?店里?还有|店内其他|猜你喜欢|相关推荐|其他商品|顺便推荐|看了又看|大家还(?:买|看)了",
    re.IGNORECASE,
)


_TALK = re.compile(
    r"我?老婆|样品|下周给你|不用(?:回|管)|对吧$|主播要是|客服天天|love it|^cute$"
    r"|(?:年后|[一二三四五六七八九十]月份?|下个?[周月])(?:才|再|出|到|上)"
    r"|\b(?:till|until|in) (?:spring|summer|autumn|winter|next|january|february|march|april"
    r"|june|july|august|september|october|november|december)\b|\bforget the\b"
    r"|\bkeep \w+ for\b|legal would"
    r"|as you said|i'll|we(?:'ve| have) got"
    r"|^(?:(?:yes|yep|yeah|nope?|np|ttyl|brb|kk?|ok)\W*)+$"
    r"|^\[\w+\]$|^\d{4}-\d\d-\d\d\W*$|\b(?:lol|haha+|legal hates|tbh)\b"
    r"|\b(?:ask(?:s|ed|ing)? (?:about|for|if|whether)|remind me|let me|i will|i'll|we will talk"
    r"|please mention|go ahead|sounds good)\b"
    r"|^(?:great|ok(?:ay)?|sure|thanks?|thank you|haha|hi|hello|hey|got it|noted|perfect"
    r"|(?:good )?(?:morning|afternoon|evening)(?: \w+)?)\s?(?:[,.!].{0,40})?$"
    r"|^(?:好的?|哈哈|收到|嗯+|谢谢|辛苦|明白|在吗|你好|早|ok)(?:\w{0,3}[，,！!。~ ].{0,16})?$"
    r"|不敢(?:说|讲|念)|过不了审|我不念|^太好了|看到啦|凑合看"
    r"|end-to-end encrypted|(?:media|image|video|audio|document) omitted"
    r"|先说|(?:先别|不要|别)(?:讲|说|提)|发你|我先|看价格表",
    re.IGNORECASE,
)


def is_talk(text: str) -> bool:
    """True for what people in a chat say to each other and not of the goods."""
    return _TALK.search(text.strip()) is not None


def is_advert(text: str) -> bool:
    """True where `text` says itself that it is about other goods."""
    return _ADVERT.search(text) is not None


def is_commercial(text: str) -> bool:
    """True for what is said of price, stock or promotion, which are no qualities of the goods."""
    return _COMMERCIAL.search(text) is not None or any(
        (quantity.dimension or "").startswith("currency:") for quantity in find_quantities(text)
    )


def topic_of(text: str) -> FactField | None:
    """The list field that `text` belongs to by its words, None where they do not tell."""
    for field, pattern in _ORDER:
        if pattern.search(text) and not (field == "warnings" and _NOT_WARNING.search(text)):
            return field
    return None


def split_topics(text: str) -> list[tuple[str, FactField | None]]:
    """`text` cut where its topic changes: `不可水洗，可以干洗` warns and then tells the care.

    Chinese commas part topics, Latin ones only in front of a clause that forbids or offers
    something. A clause that only takes back (`不是三支，以这条为准`) is left out. One without a
    topic stays with the one before it, or leads into the one after it (`如果破损，免费换新`),
    except into a promotion, after what goods are made of or whom they suit, and in Latin letters.
    """
    parts: list[tuple[str, FactField | None]] = []
    for clause in _CLAUSES.split(text):
        if _TAKES_BACK.match(clause):
            continue
        topic = topic_of(clause)
        is_han = _HAN.search(clause) is not None
        before = parts[-1][1] if parts else None
        opens = parts and before is None and topic != "promotion" and is_han
        stays = topic is None and before not in _CLOSED
        if parts and (stays or (topic is not None and topic == before) or opens):
            parts[-1] = (parts[-1][0] + clause, parts[-1][1] or topic)
        elif clause.strip():
            parts.append((clause, topic))
    return parts
