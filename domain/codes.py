"""Model, standard and rating codes, whose digits count nothing."""

import re
from dataclasses import dataclass

WIDE = str.maketrans("０１２３４５６７８９．，％＄￥：／－～", "0123456789.,%$¥:/-~")
"""Full-width digits and signs, and the usual ones."""

_CODE = re.compile(
    r"(?:GB|QB|FZ|HG|YY|ISO|EN|IEC|ASTM|DIN|ANSI|UL|JIS)(?:/[TZ])?[ -]\d+(?:[.-]\d+)*"
    r"|(?<![A-Za-z0-9])(?![LWHDØ]\d+(?:\.\d+)?\s?(?:mm|cm|m|in|[x×])\b)(?![xX]\d)"
    r"(?!(?:USD|RMB|CNY|EUR|GBP|HKD|JPY|No|US|HK)\.?\d)"
    r"[A-Za-z]+(?:[-./][A-Za-z]*)?\d[A-Za-z0-9]*(?:[-./][A-Za-z0-9]+)*\+?"
)


@dataclass(frozen=True, slots=True)
class Code:
    """A model, standard or rating code (`A7-200`, `GB/T 3532`, `SPF50+`) and where it stands."""

    start: int
    end: int
    text: str


def find_codes(text: str) -> list[Code]:
    """Every code of letters and digits in `text`; its digits are no quantity."""
    return [Code(m.start(), m.end(), m.group()) for m in _CODE.finditer(text.translate(WIDE))]
