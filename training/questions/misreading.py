"""Comments as OCR reads them off a frame: a mark lost, words run together, a name before."""

import random

NAMES = (
    "marlo_k", "Big Sue", "tea.and.tape", "Juno", "user204817", "Rob H", "kettle&co", "nina22",
    "The Lamp Man", "paz", "木槿", "阿杰", "小鱼儿", "用户55021", "糖糖妈咪", "北方的狼",
    "一只橘猫", "j***n", "王**", "小***7", "lucia.m", "ibu Rani", "Thảo", "さくら",
)  # fmt: skip
ALIKE = {
    "l": "1", "i": "l", "o": "0", "m": "rn", "I": "l", "0": "o", "g": "q", "e": "c", "未": "末",
    "己": "已", "土": "士", "日": "曰", "吗": "妈", "么": "公", "呢": "昵", "几": "儿", "大": "太",
}  # fmt: skip
_MARKS = "?？!！.。,，"


def misread(rng: random.Random, text: str) -> str:
    """`text` with one or two of the slips that OCR makes."""
    slips = (_lose_mark, _run_together, _slip, _slip, _keep_name)
    for slip in rng.sample(slips, rng.choice([1, 1, 2])):
        text = slip(rng, text)
    return text


def _lose_mark(_rng: random.Random, text: str) -> str:
    return text.rstrip(_MARKS) or text


def _run_together(rng: random.Random, text: str) -> str:
    blanks = [at for at, sign in enumerate(text) if sign == " "]
    for at in sorted(rng.sample(blanks, min(len(blanks), rng.randint(1, 3))), reverse=True):
        text = text[:at] + text[at + 1 :]
    return text


def _slip(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text))
    alike = [n for n, sign in enumerate(text) if sign in ALIKE]
    if alike and rng.random() < 0.5:
        at = rng.choice(alike)
        return text[:at] + ALIKE[text[at]] + text[at + 1 :]
    if len(text) > 4 and rng.random() < 0.6:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at] + text[at:]


def _keep_name(rng: random.Random, text: str) -> str:
    return rng.choice(NAMES) + rng.choice(["：", ": ", " ", " "]) + text
