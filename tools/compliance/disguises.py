"""The tables of disguises (`disguises.yaml` and others), checked and ready for look-up."""

from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from yaml import YAMLError

from tools.compliance.packs import RulePackInvalid
from tools.compliance.skeleton import fold_text
from tools.compliance.yaml_files import load_yaml

_FILES = [
    Path(__file__).with_name(name) for name in ("disguises.yaml", "splits.yaml", "wordings.yaml")
]
Words = Annotated[
    tuple[str, ...], BeforeValidator(lambda v: v.split() if isinstance(v, str) else v)
]
"""Words with blanks between them."""

_TABLE = TypeAdapter(dict[str, object])


class Disguises(BaseModel):
    """How wordings are disguised, as the files say it.

    `emoji`: signs and what they are read as in Chinese, `emoji_en` in English, where `ornaments`
    are read only if a word is wanting; `codes`, `codes_en`: plain words and code words for them;
    `initials`: words by the first letters of their syllables, but for `abbreviations`; `splits`:
    characters and the parts they are taken apart into (`治=氵台`); `plain_splits`: parts that make
    ordinary words; `looks`, `sounds`: characters and what is put for them; `swaps`: the same in
    words of two characters that are hidden, but for `unswapped`, where an ordinary word comes out;
    `frequent`: characters that at the edge of a word are no sign of a disguise; `initialled`: words
    of two characters of which one may be put as a letter; `starred`: words of two characters known
    by the first; `ordinary`: words in use that look like a code word or sound like a rule's; `zh`,
    `en`: wordings that are hidden, by subject; `ordinary_en`: English words that look or sound like
    them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    emoji: dict[str, list[str]]
    emoji_en: dict[str, str]
    ornaments: str
    codes: dict[str, list[str]]
    codes_en: dict[str, list[str]]
    initials: dict[str, str]
    abbreviations: Words
    splits: Words
    plain_splits: Words
    looks: dict[str, str]
    sounds: dict[str, str]
    swaps: dict[str, str]
    unswapped: Words
    frequent: str
    initialled: Words
    starred: Words
    ordinary: Words
    zh: dict[str, Words]
    en: dict[str, Words]
    ordinary_en: Words

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """Characters and the parts they are taken apart into."""
        parts: dict[str, list[str]] = {}
        for pair in self.splits:
            char, _, pieces = pair.partition("=")
            parts.setdefault(char, []).append(pieces)
        return parts

    @cached_property
    def swapped(self) -> dict[str, str]:
        """Hidden words of two characters with one put for another, and the words."""
        words, kept = frozenset(self.hidden), frozenset(self.unswapped)
        return {
            form: word
            for word in self.hidden
            if len(word) == 2
            for place, char in enumerate(word)
            for other in self.swaps.get(char, "")
            for form in [word[:place] + other + word[place + 1 :]]
            if form not in kept and form not in words
        }

    @property
    def hidden(self) -> list[str]:
        """Chinese words that are often hidden."""
        return [word for words in self.zh.values() for word in words]

    @property
    def hidden_en(self) -> list[str]:
        """English words that are often hidden."""
        return [word for words in self.en.values() for word in words]

    def stands_for(self, char: str) -> list[str]:
        """Characters that `char` is put for by look or habit."""
        return _plain_characters().get(char, [])

    def substitutes(self, char: str) -> str:
        """Characters that are put for `char` by look or habit."""
        return self.looks.get(char, "") + self.sounds.get(char, "")


@cache
def load_disguises() -> Disguises:
    """The disguises that ship with the rule packs.

    Raises:
        RulePackInvalid: the file breaks the format.
    """
    try:
        tables = [_TABLE.validate_python(load_yaml(file)) for file in _FILES]
        return Disguises.model_validate({k: v for table in tables for k, v in table.items()})
    except (YAMLError, ValidationError) as error:
        raise RulePackInvalid(
            f"{', '.join(file.name for file in _FILES)} are no valid tables of disguises: {error}",
            hint="mend the lines it names",
        ) from error


@cache
def _plain_characters() -> dict[str, list[str]]:
    table = load_disguises()
    plain: dict[str, list[str]] = {}
    for char in {*table.looks, *table.sounds}:
        for other in table.substitutes(char):
            plain.setdefault(other, []).append(char)
    return plain


@cache
def coded_words() -> dict[str, str]:
    """Folded code words of both languages with the words they stand for."""
    table = load_disguises()
    return {
        fold_text(code).text: plain
        for by_word in (table.codes, table.codes_en)
        for plain, codes in by_word.items()
        for code in codes
        if len(fold_text(code).text) > 1
    }
