"""Text that speaks to someone and not of the goods: orders to an assistant, lines to be said."""

import re

_TO_ASSISTANT = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:instructions?|prompts?|rules|above"
    r"|previous)\b"
    r"|\b(?:you are|act as|pretend to be) (?:now )?(?:an? )?(?:ai|assistant|chatbot"
    r"|language model|admin)\b"
    r"|\bsystem prompt\b|\bas an ai\b|\b(?:ai|assistant|chatbot|llm)\s*[:,]\s*\w+"
    r"|\b(?:set|change|update|make|reset)\b.{0,20}\b(?:price|stock|record"
    r"|currency)\b.{0,20}\b(?:to|as|=)\b"
    r"|(?:忽略|无视|忘记|忘掉|不要理会).{0,12}(?:指令|提示|规则|要求|设定|说明)|系统提示词|你现在是|你是一个(?:ai|人工智能|助手)"
    r"|(?:把|将).{0,12}(?:价格|价|库存|原价|售价).{0,6}(?:改|设|设置|调|写)(?:成|为|到|至)",
    re.IGNORECASE,
)
_TO_HOST = re.compile(
    r"\b(?:want(?:s|ed)? (?:you|the host|us|me) to (?:say|shout|tell)|please (?:say|shout"
    r"|announce)|(?:the host|you) (?:should|must) (?:say|shout)|(?:don't|don’t|dont|do not|never"
    r"|can't|cannot|shouldn't) (?:say|claim|mention|promise|call it|advertise))\b"
    r"|(?:别|不要|不能|不可以?|不许|勿)(?:再)?(?:说|讲|提|宣传|承诺|喊|写)"
    r"|\b(?:wants?|wanted|would love|would like|asks?|insists?)\b.{0,60}[\"“]\w"
    r"|让(?:主播|你|大家|我)?.{0,6}(?:喊|说|讲|念|播报|加|写)(?:一句|一下|出来|上)?\s*[:：\"“「]"
    r"|(?:老板|领导|厂长|老总)[^，。]{0,10}(?:写|说|要|让|想)[^，。]{0,12}[\"“「]|(?:主播|直播)(?:要|请|可以|必须)?(?:喊|说|念)(?:一句"
    r"|一下)?[:：]|口播[:：]",
    re.IGNORECASE,
)

TO_ASSISTANT = "an order to the assistant, no fact about the goods"
TO_HOST = "a line that someone wants said, no fact about the goods"


def find_directive(text: str) -> str | None:
    """Why `text` is set aside unread, or None."""
    if _TO_ASSISTANT.search(text):
        return TO_ASSISTANT
    return TO_HOST if _TO_HOST.search(text) else None
