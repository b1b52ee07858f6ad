"""In which encoding a text is, told only where it can be told safely."""

import codecs
import re

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, the longer one first where one begins another."""

SAMPLE_BYTES = 1 << 18
"""How much of a long text is looked at to tell its encoding; all of it has to decode."""

_CONTROL = frozenset(range(32)) - {9, 10, 11, 12, 13, 26, 27}
_WIDE = 0.97
_LIKELY = 0.6
_LEAD = 0.3
_ENOUGH = 12
_LEADS = range(0x81, 0xFF)
_LEADS_JIS = frozenset([*range(0x81, 0xA0), *range(0xE0, 0xFD)])
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_PLAIN_WIDE = re.compile(
    r"[\t\n\r -~\u00a0-\u024f\u0370-\u04ff\u2010-\u2044\u20a0-\u2122\u2460-\u2473\u25a0-\u2606"
    r"\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af\ufe30-\ufe4f\uff01-\uffe5]"
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_WESTERN_LETTERS = frozenset("àáâäçèéêíîñóôöúûüßÉÖÜÄ".encode("cp1252"))
_WESTERN_SIGNS = frozenset("€£\u00a0©®°·½×…‘’“”•–—™".encode("cp1252"))


def find_encoding(data: bytes, *, cut: bool = False) -> str | None:
    """The encoding of `data`, None where it is no text or could be read in more than one way.

    The byte order mark decides, then UTF-8 where it decodes. UTF-16 without a mark is known by its
    zero bytes. GB 18030, Big5 and Shift JIS are told apart by the share of the characters that are
    frequent in each (GB 2312 level 1, Big5 level 1, kana); Windows-1252 by lone accented letters
    and signs between ASCII. `cut` tells that `data` may end within a character.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding if _decodes(data, encoding, cut=cut) else None
    if b"\x00" in data:
        return _find_wide(data, cut=cut)
    if any(byte in _CONTROL for byte in data[:SAMPLE_BYTES]):
        return None
    if _decodes(data, "utf-8", cut=cut):
        return "utf-8"
    return _find_multibyte(data, cut=cut)


def declared_encoding(head: bytes) -> str | None:
    """The encoding that a web page's own `<meta charset>` names, where Python knows it."""
    match = _DECLARED.search(head)
    if match is None:
        return None
    name = match[1].decode("ascii").lower()
    wider = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin1": "cp1252"}
    try:
        found = codecs.lookup(wider.get(name, name)).name
        "".encode(found)
    except (LookupError, UnicodeError):
        return None
    return None if found.startswith(("utf-16", "utf-32")) else found


def _decodes(data: bytes, encoding: str, *, cut: bool) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(data, final=not cut)
    except UnicodeDecodeError:
        return False
    return True


def _find_wide(data: bytes, *, cut: bool) -> str | None:
    """UTF-16 without a mark: read the right way round it is letters, the other way noise."""
    if len(data) % 2 and not cut:
        return None
    sample = data[: SAMPLE_BYTES // 2 * 2]
    sample = sample[: len(sample) // 2 * 2]
    shares = {
        encoding: _share_of_letters(sample.decode(encoding, errors="replace"))
        for encoding in ("utf-16-le", "utf-16-be")
    }
    best = max(shares, key=lambda encoding: shares[encoding])
    other = min(shares.values())
    if shares[best] < _WIDE or other > shares[best] - _LEAD:
        return None
    return best if _decodes(data, best, cut=cut) else None


def _share_of_letters(text: str) -> float:
    return len(_PLAIN_WIDE.findall(text)) / max(1, len(text))


def _find_multibyte(data: bytes, *, cut: bool) -> str | None:
    sample = data[:SAMPLE_BYTES]
    shares = {
        "gb18030": _share_in_gb(sample),
        "big5": _share_in_big5(sample),
        "shift_jis": _share_in_shift_jis(sample),
        "cp1252": _share_in_western(sample),
    }
    first, second = sorted(shares, key=lambda encoding: -shares[encoding])[:2]
    if shares[first] < _LIKELY or shares[first] - shares[second] < _LEAD:
        return None
    return first if _decodes(data, first, cut=cut) else None


def _pairs(sample: bytes, leads: range | frozenset[int]) -> list[tuple[int, int]]:
    """The (lead, trail) bytes of the wide characters; a high byte that leads none has trail 0."""
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(sample):
        byte = sample[index]
        if byte in leads and index + 1 < len(sample):
            found.append((byte, sample[index + 1]))
            index += 2
            continue
        if byte >= 0x80:
            found.append((byte, 0))
        index += 1
    return found


def _share_in_gb(sample: bytes) -> float:
    """GB 2312 level 1 (rows B0-D7, by pinyin) and its signs (A1-A3).

    Korean in EUC-KR fills the same rows and stops at C8; where Chinese of some length would, it is
    taken for none. Kana in quantity mean EUC-JP.
    """
    pairs = _pairs(sample, _LEADS)
    level = [lead for lead, trail in pairs if 0xB0 <= lead <= 0xD7 and trail >= 0xA1]
    if len(level) >= _ENOUGH and max(level) <= 0xC8:
        return 0.0
    if sum(lead in (0xA4, 0xA5) and trail >= 0xA1 for lead, trail in pairs) > 0.1 * len(pairs):
        return 0.0
    signs = sum(0xA1 <= lead <= 0xA3 and trail >= 0xA1 for lead, trail in pairs)
    return (len(level) + signs) / max(1, len(pairs))


def _share_in_big5(sample: bytes) -> float:
    """Big5 level 1 (A4-C6) and signs (A1-A3); its second bytes are below 80 in four of ten."""
    pairs = _pairs(sample, _LEADS)
    low = sum(0x40 <= trail <= 0x7E for _, trail in pairs)
    frequent = sum(
        0xA1 <= lead <= 0xC6 and (0x40 <= trail <= 0x7E or trail >= 0xA1) for lead, trail in pairs
    )
    return frequent / max(1, len(pairs)) if low >= 0.1 * len(pairs) else 0.0


def _share_in_shift_jis(sample: bytes) -> float:
    """Kana (82-83), level 1 of JIS X 0208 (88-98) and signs (81), kana being among them."""
    pairs = _pairs(sample, _LEADS_JIS)
    kana = sum(
        (lead == 0x82 and 0x9F <= trail <= 0xF1) or (lead == 0x83 and 0x40 <= trail <= 0x96)
        for lead, trail in pairs
    )
    if kana < 0.1 * len(pairs):
        return 0.0
    others = sum(lead == 0x81 or 0x88 <= lead <= 0x98 for lead, _ in pairs)
    return (kana + others) / max(1, len(pairs))


def _share_in_western(sample: bytes) -> float:
    """Windows-1252: one or two accented letters beside ASCII letters, and lone usual signs."""
    good = total = 0
    for match in _HIGH_RUN.finditer(sample):
        run = match.group()
        beside = sample[match.start() - 1 : match.start()].isalpha()
        beside += sample[match.end() : match.end() + 1].isalpha()
        is_sign = len(run) == 1 and run[0] in _WESTERN_SIGNS
        is_word = len(run) <= beside and all(byte in _WESTERN_LETTERS for byte in run)
        good += len(run) if is_sign or is_word else 0
        total += len(run)
    return good / max(1, total)
