"""Answers composed from facts by templates, in the viewer's language; no model is involved.

A value in the other language goes through the lexicon when it consists of closed-class terms and
quantities (Red, 350 ml); else it is given in its own words, in brackets where it is embedded.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from domain.language import detect_language
from domain.lexicon import translate_terms
from domain.product import Conflict, Fact
from tools.copy_wording import money
from tools.questions.decision import SAID, Decision
from tools.questions.lookup import concepts_of, is_spec, spec_name

_NARROW = 90 / 240
_EDGES = " \t\r\n.。;；,，!！"
_LISTED = frozenset({"colour", "size"})
_PRICES = ("live_price", "list_price")


def compose_answer(
    decision: Decision, lang: str, *, currency: str | None = None, limit: int = 240
) -> str:
    """The extractive answer to a decided question, at most `limit` characters.

    `currency` is the record's (ISO 4217). Facts that do not fit are left out from the end; a
    single one that is too long is cut at a clause, with an ellipsis.
    """
    if decision.status == "conflict" and decision.conflict is not None:
        return say_conflict(decision, decision.conflict, lang, currency)
    if decision.status == "unanswerable" or not decision.facts:
        return say("unanswerable", lang)
    for count in range(len(decision.facts), 0, -1):
        text = _compose(decision, decision.facts[:count], lang, currency)
        if length_of(text, lang) <= limit:
            return text
    return _cut(_compose(decision, decision.facts[:1], lang, currency), limit, lang)


def say(key: str, lang: str, values: Sequence[str] = ()) -> str:
    """An abstention or a question back: `unanswerable`, `unclear`, `which_product` ..."""
    return _phrase("ask", key, lang).format(values=" / ".join(values), label="")


def say_conflict(decision: Decision, conflict: Conflict, lang: str, currency: str | None) -> str:
    """Both values of an open conflict, and the promise to check."""
    is_price = conflict.field.endswith("price")
    values = [
        money(value.value, currency, lang) if is_price else say_value(value.value, lang)
        for value in conflict.values
    ]
    name = conflict.field.partition("[")[0]
    label = _labels().get(name) or _labels().get(decision.kind)
    shown = label[lang] if label else _own_name(conflict.field.removeprefix("specs."), lang)
    if lang == "en":
        shown = shown[:1].lower() + shown[1:]
    joined = _join(list(dict.fromkeys(values)), lang)
    return _phrase("ask", "conflict", lang).format(label=shown, values=joined)


def say_value(value: str, lang: str) -> str:
    """A stored value for a reader of `lang`: as it is, through the lexicon, or in brackets."""
    value = value.strip(_EDGES)
    if _is_readable(value, lang):
        return value
    return translate_terms(value, lang) or (f"（{value}）" if lang == "zh" else f"({value})")


def lead(kind: str, polarity: bool | None, lang: str) -> str:
    """The yes or no that opens an answer about `kind`; empty where code vouches for neither."""
    if polarity is None:
        return ""
    verb = _phrases()["lead_of"].get(kind, "can")
    return _phrase("lead", f"{verb}_{'yes' if polarity else 'no'}", lang)


def say_when(sentence: str, decision: Decision, lang: str) -> str:
    """A sentence about facts that the host stated, with when; any other as it is."""
    said = [decision.moments[f.field].at_ms for f in decision.facts if f.field in decision.moments]
    return _add_when(sentence, said[0], lang) if said else sentence


def _add_when(text: str, at_ms: int, lang: str) -> str:
    return text.rstrip(_EDGES) + _phrase("say", "as_said", lang).format(time=_clock(at_ms))


def _compose(decision: Decision, facts: Sequence[Fact], lang: str, currency: str | None) -> str:
    kind, opening = decision.kind, lead(decision.kind, decision.polarity, lang)
    said = [fact for fact in facts if fact.field.startswith(SAID)]
    if said:
        told = [_say_said(fact, decision, lang) for fact in said]
        rest = [fact for fact in facts if fact not in said]
        if rest:
            told.append(
                _compose(decision.model_copy(update={"polarity": None}), rest, lang, currency)
            )
        if facts[0] not in said:
            told = [told[-1], *told[:-1]]
        return opening + (" " if lang == "en" else "").join(told)
    changed = next((fact for fact in facts if fact.field in decision.moments), None)
    if changed is not None:
        at_ms = decision.moments[changed.field].at_ms
        plain = decision.model_copy(update={"moments": {}})
        kept = [fact for fact in facts if fact.field in (changed.field, "currency")]
        text = _compose(plain, kept if kind == "price" else facts, lang, currency)
        return _add_when(text, at_ms, lang)
    if kind == "price" and any(fact.field in _PRICES for fact in facts):
        return _say_price(facts, lang, currency)
    if any(fact.field.startswith("variants.stock.") for fact in facts):
        return lead("stock", decision.polarity, lang) + _say_stock(facts, lang)
    if kind in _LISTED:
        key = f"{kind}_some" if decision.polarity else kind
        values = [say_value(fact.value, lang) for fact in facts]
        return opening + _phrase("say", key, lang).format(values=_join(values, lang))
    return opening + _say_other(kind, facts, lang)


def _say_said(fact: Fact, decision: Decision, lang: str) -> str:
    """What the host said, word for word, and when."""
    key = "said" if _is_readable(fact.value, lang) else "said_foreign"
    at_ms = decision.moments[fact.field].at_ms
    return _phrase("say", key, lang).format(time=_clock(at_ms), quote=fact.value.strip())


def _clock(at_ms: int) -> str:
    """Stream time as people read it: `6:05`, `1:02:09`."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _say_price(facts: Sequence[Fact], lang: str, currency: str | None) -> str:
    code = currency or next((f.value for f in facts if f.field == "currency"), None)
    prices = {f.field: money(f.value, code, lang) for f in facts if f.field in _PRICES}
    first = next(iter(prices), "")
    if len(prices) == 2 and prices["live_price"] != prices["list_price"]:
        key = "price_both" if first == "live_price" else "price_original"
    else:
        key = "price_live" if "live_price" in prices else "price_list"
    return _phrase("say", key, lang).format(
        live=prices.get("live_price", ""), list=prices.get("list_price", "")
    )


def _say_stock(facts: Sequence[Fact], lang: str) -> str:
    """What is left with its count; what is not only where nothing is."""
    variants = [(fact.field.removeprefix("variants.stock."), fact.value) for fact in facts]
    if all(count == "0" for _, count in variants):
        names = [say_value(name, lang) for name, _ in variants]
        return _phrase("say", "sold_out", lang).format(values=_join(names, lang))
    items = [
        _phrase("say", "stock_item", lang).format(variant=say_value(name, lang), count=count)
        for name, count in variants
        if count != "0"
    ]
    return _phrase("say", "stock", lang).format(values=_join(items, lang))


def _say_other(kind: str, facts: Sequence[Fact], lang: str) -> str:
    values = [fact.value.strip(_EDGES) for fact in facts]
    if not any(_is_readable(value, lang) or translate_terms(value, lang) for value in values):
        joined = ("；" if lang == "zh" else "; ").join(values)
        return _phrase("say", "foreign", lang).format(values=joined)
    texts = [say_value(value, lang) for value in values]
    label = _label(kind, facts, lang)
    key = "other" if label else "own"
    return _phrase("say", key, lang).format(label=label, values=_join(texts, lang, facts))


def _label(kind: str, facts: Sequence[Fact], lang: str) -> str:
    """The spec's own name where the reader can read it, else the kind's; none for free text."""
    if len(facts) == 1 and is_spec(facts[0]):
        name = spec_name(facts[0])
        if _is_readable(name, lang):
            return name
        known = next((c for c in concepts_of(name) if c in _labels()), None)
        return _labels()[known][lang] if known else f"({name})"
    known = _labels().get(kind)
    is_free_text = all(fact.field.startswith("selling_points") for fact in facts)
    return known[lang] if known and not is_free_text else ""


def _own_name(name: str, lang: str) -> str:
    return name if _is_readable(name, lang) else f"({name})"


def _is_readable(value: str, lang: str) -> bool:
    """Whether a reader of `lang` reads it as it is: its own script, or no words at all."""
    if lang == "zh" and value.isascii():
        return not any(c.isalpha() for c in value) or value.isupper()
    return detect_language(value, default=lang) == lang


def _join(values: Sequence[str], lang: str, facts: Sequence[Fact] = ()) -> str:
    if lang == "zh":
        sentences = any(len(value) > 12 for value in values)
        return ("；" if sentences else "、").join(values)
    if any(len(value) > 30 for value in values) or facts:
        return "; ".join(values) if any(" " in value for value in values) else ", ".join(values)
    if len(values) < 2:
        return "".join(values)
    return f"{', '.join(values[:-1])} and {values[-1]}"


def length_of(text: str, lang: str) -> float:
    """Characters of an answer; in a Chinese one, a foreign quote counts as 90 do to 240."""
    if lang != "zh":
        return len(text)
    return sum(_NARROW if char.isascii() else 1.0 for char in text)


def _cut(text: str, limit: int, lang: str) -> str:
    head = text
    while head and length_of(head, lang) > limit - 1:
        head = head[:-1]
    limit = len(head)
    at = max(head.rfind(mark) for mark in (",", ";", "，", "；", "。", " "))
    return (head[:at] if at > limit // 2 else head).rstrip(_EDGES) + "…"


@cache
def _phrases() -> dict[str, dict[str, Any]]:
    path = Path(__file__).with_name("answer_phrases.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _labels() -> dict[str, dict[str, str]]:
    return _phrases()["label"]


def _phrase(section: str, key: str, lang: str) -> str:
    phrase = _phrases()[section][key]
    return phrase.get(lang, phrase["en"])
