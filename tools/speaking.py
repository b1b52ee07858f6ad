"""How long a text takes to say.

English at 150 words a minute, the average conversational rate that the National Center for Voice
and Speech gives for US English; Mandarin at 240 syllables a minute, which teaching material for
the Putonghua proficiency test gives as normal. Both include the pauses of ordinary speech.
"""

import re

WORDS_PER_MINUTE = 150
SYLLABLES_PER_MINUTE = 240

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_SYMBOL = re.compile(r"[0-9%$¥￥€£°]")


def speaking_seconds(text: str, lang: str) -> float:
    """Seconds that a host needs for `text`; digits and symbols count as a word or syllable each."""
    word, syllable = 60 / WORDS_PER_MINUTE, 60 / SYLLABLES_PER_MINUTE
    return (
        len(_HAN.findall(text)) * syllable
        + len(_WORD.findall(text)) * word
        + len(_SYMBOL.findall(text)) * (syllable if lang == "zh" else word)
    )
