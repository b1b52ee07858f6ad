"""Amounts that were said, in digits."""

from tools.spoken.chinese import normalise_chinese
from tools.spoken.english import normalise_english


def normalise_spoken(text: str) -> str:
    """What was said, as it would be written: amounts in digits, words left alone.

    `three hundred fifty millilitres` becomes `350 millilitres`, `nineteen dollars ninety`
    `$19.90`, `一百二十九块九` `129.9元`, `百分之九十五` `95%`, `两三天` `2-3天`. A number word
    changes where a unit, a currency or a price word stands by it, or where several words make it;
    a lone one (`one of the best`, `一下`, `十分`, `万一`) does not. The result is what is kept and
    quoted as evidence; nothing but amounts differs from what was said, and a second pass changes
    nothing.
    """
    return normalise_english(normalise_chinese(text))
