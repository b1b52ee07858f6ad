"""Characters that stand in for others: traditional forms, look-alikes, enclosed letters.

They are for matching only and never change a text that anyone sees.
"""

from importlib import resources

_SOUND_OR_SHAPE = {
    "蕞": "最", "朂": "最", "笫": "第", "薇": "微", "彶": "级", "仺": "全", "吿": "告", "専": "专",
    "価": "价", "壱": "一", "弐": "二", "円": "元", "転": "转",
    "薬": "药", "葯": "药", "痩": "瘦", "髪": "发", "発": "发", "効": "效", "険": "险",
    "証": "证", "絶": "绝", "対": "对", "気": "气", "売": "卖", "銭": "钱", "験": "验", "児": "儿",
    "圧": "压", "悪": "恶", "抜": "拔", "歳": "岁", "帰": "归", "検": "检", "楽": "乐", "経": "经",
    "継": "继", "続": "续", "総": "总", "県": "县", "労": "劳", "図": "图", "増": "增", "変": "变",
    "実": "实", "拡": "扩", "択": "择", "拝": "拜", "戦": "战", "単": "单", "営": "营", "団": "团",
    "囯": "国", "囻": "国", "囶": "国", "圀": "国", "夲": "本", "衞": "卫", "佱": "法", "亍": "行",
    "徴": "征", "値": "值", "帯": "带", "歩": "步", "毎": "每", "済": "济",
    "沢": "泽", "焼": "烧", "燗": "烂", "疎": "疏", "癒": "愈", "瘉": "愈", "稲": "稻", "穏": "稳",
    "観": "观", "読": "读", "豊": "丰", "賛": "赞", "輸": "输", "酔": "醉", "鉄": "铁", "関": "关",
    "隠": "隐", "雑": "杂", "難": "难", "顔": "颜", "髄": "髓", "黒": "黑", "裡": "里", "牀": "床",
    "羣": "群", "峯": "峰", "竝": "并", "昰": "是", "帬": "裙", "麽": "么", "髙": "高",
}  # fmt: skip
CYRILLIC_AND_GREEK: dict[str, str] = {
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "х": "x", "у": "y", "і": "i", "ј": "j",
    "к": "k", "м": "m", "т": "t", "н": "h", "в": "b", "ѕ": "s", "ԁ": "d", "ӏ": "l", "г": "r",
    "һ": "h", "ԛ": "q", "ԝ": "w", "б": "b", "з": "z", "и": "u", "п": "n", "ф": "f", "я": "r",
    "ш": "w", "ц": "u", "л": "l", "д": "d", "ё": "e", "э": "e", "й": "n", "ь": "b", "ъ": "b",
    "ч": "ch", "ғ": "f", "ѵ": "v", "ѡ": "w", "ց": "g", "α": "a", "ο": "o", "ε": "e",
    "ρ": "p", "ν": "v", "τ": "t", "ι": "i", "κ": "k", "υ": "u", "χ": "x", "ω": "w", "β": "b",
    "σ": "o", "η": "n", "γ": "y", "δ": "d", "λ": "l", "ζ": "z", "ς": "s", "π": "n", "θ": "o",
    "φ": "f", "ψ": "y", "μ": "u", "Η": "h", "Ν": "n", "Υ": "y", "Ρ": "p", "Χ": "x", "Σ": "e",
    "Δ": "a", "Λ": "a", "Ζ": "z", "Μ": "m", "Τ": "t", "օ": "o", "ս": "u", "հ": "h", "ո": "n",
    "ք": "f", "ա": "w", "զ": "q", "յ": "j", "ռ": "n", "ʂ": "s", "ᴀ": "a", "ʙ": "b", "ᴄ": "c",
    "ᴅ": "d", "ᴇ": "e", "ꜰ": "f", "ɢ": "g", "ʜ": "h", "ɪ": "i", "ᴊ": "j", "ᴋ": "k", "ʟ": "l",
    "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ǫ": "q", "ʀ": "r", "ꜱ": "s", "ᴛ": "t", "ᴜ": "u",
    "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z", "ɐ": "a", "ɔ": "c", "ǝ": "e", "ə": "e", "ɛ": "e",
    "ɟ": "f", "ƃ": "g", "ɓ": "b", "ɥ": "h", "ᴉ": "i", "ɾ": "j", "ʞ": "k", "ɯ": "m", "ɹ": "r",
    "ʇ": "t", "ʌ": "v", "ʍ": "w", "ʎ": "y", "ð": "d", "Ð": "d", "ɖ": "d", "ħ": "h", "ŧ": "t",
    "ƨ": "s", "ʋ": "v", "ʉ": "u", "ɨ": "i", "ɵ": "o", "ƙ": "k", "ɱ": "m", "ŋ": "n", "ɲ": "n",
    "ƥ": "p", "ɋ": "q", "ɽ": "r", "ʈ": "t", "ƈ": "c", "ɗ": "d", "ɠ": "g", "ɦ": "h", "ȶ": "t",
    "ⱡ": "l", "ⱥ": "a", "ɇ": "e", "ɏ": "y", "ƶ": "z", "Ꭺ": "a", "Ᏼ": "b", "Ꮯ": "c", "Ꭰ": "d",
    "Ꭼ": "e", "Ꮐ": "g", "Ꮋ": "h", "Ꭻ": "j", "Ꮶ": "k", "Ꮮ": "l", "Ꮇ": "m", "Ꮲ": "p", "Ꮢ": "r",
    "Ꮪ": "s", "Ꭲ": "t", "Ꮩ": "v", "Ꮃ": "w", "Ꮓ": "z", "ⲁ": "a", "ⲉ": "e", "ⲟ": "o", "ⲣ": "p",
    "ⲥ": "c", "ⲓ": "i", "ⲛ": "n", "ⲧ": "t", "ⲭ": "x", "ɭ": "l", "ɕ": "c", "ʑ": "z",
}  # fmt: skip
"""Letters of other alphabets that look Latin, small capitals, and letters turned round."""

_PUNCTUATION = {
    "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"',
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "。": "。", "｡": "。", "➕": "+", "№": "no.",
    "🔟": "10", "💲": "$", "💯": "100%", "ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i",
    "þ": "p", "æ": "ae", "œ": "oe", "ƒ": "f", "ɡ": "g", "ɑ": "a", "丨": "|", "〢": "|",
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

LEET = str.maketrans("013457@$!€£¢", "oieastasielc")
"""Digits and signs that are put for letters inside a Latin word."""
