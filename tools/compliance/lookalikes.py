"""Characters that stand in for others: traditional forms, look-alikes, enclosed letters.

They are for matching only and never change a text that anyone sees.
"""

from importlib import resources

_SOUND_OR_SHAPE = {
    "蕞": "最",
    "朂": "最",
    "笫": "第",
    "薇": "微",
    "彶": "级",
    "仺": "全",
    "吿": "告",
}
CYRILLIC_AND_GREEK: dict[str, str] = dict(
    zip(
        "аеорсхуіјкмтнвѕԁӏгһԛԝαοερντικυχωβσ",
        "aeopcxyijkmthbsdlrhqwaoepvtikuxwbo",
        strict=True,
    )
)
"""Letters of other alphabets that look Latin."""

_PUNCTUATION = {
    "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"',
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "。": "。", "｡": "。", "➕": "+", "№": "no.",
    "🔟": "10", "💯": "100%", "ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae",
    "œ": "oe", "ƒ": "f", "ɡ": "g", "ɑ": "a", "丨": "|", "〢": "|",
}  # fmt: skip
_ENCLOSED = {
    chr(start + i): chr(ord("a") + i)
    for start in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
    for i in range(26)
}


def _read_traditional() -> dict[str, str]:
    """OpenCC's table of traditional characters with one simplified form."""
    table = resources.files("opencc") / "dictionary" / "TSCharacters.txt"
    found: dict[str, str] = {}
    for line in table.read_text(encoding="utf-8").splitlines():
        traditional, _, simplified = line.partition("\t")
        forms = simplified.split()
        if forms and traditional not in forms:
            found[traditional] = forms[0]
    return found


LOOKALIKES: dict[str, str] = (
    _read_traditional() | _SOUND_OR_SHAPE | CYRILLIC_AND_GREEK | _PUNCTUATION | _ENCLOSED
)
"""Replacement text by single character; what is not in it is folded by Unicode's own tables."""

HEARTS = "❤♥💗💓💕💖💚💙💛💜🧡🖤🤍♡"
"""Signs that are read as the second half of 微信 after 微 or V."""

RADICALS = "氵疒扌讠亻纟钅礻阝犭衤忄艹冫刂宀囗攵辶饣灬彳卩匚廴丬"
"""Parts of characters, never met alone in ordinary writing."""

LEET = str.maketrans("013457@$!", "oieastasi")
"""Digits and signs that are put for letters inside a Latin word."""
