"""The table of disguises (`disguises.yaml`), checked and ready for look-up."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from yaml import YAMLError

from tools.compliance.packs import RulePackInvalid
from tools.compliance.skeleton import fold_text
from tools.compliance.yaml_files import load_yaml

_FILE = Path(__file__).with_name("disguises.yaml")


class Disguises(BaseModel):
    """How wordings are disguised, as the file says it.

    `emoji`: signs and what they are read as in Chinese, `emoji_en` in English; `codes`, `codes_en`:
    code words and plain words; `splits`: characters and the parts they are taken apart into;
    `plain_splits`: parts that make ordinary words; `looks`, `sounds`: characters and what is put
    for them; `frequent`: characters that at the edge of a word are no sign of a disguise;
    `initialled`: words of two characters of which one may be put as a letter; `ordinary`: words in
    use that sound like a rule's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    emoji: dict[str, list[str]]
    emoji_en: dict[str, str]
    codes: dict[str, str]
    codes_en: dict[str, str]
    splits: dict[str, list[str]]
    plain_splits: list[str]
    looks: dict[str, str]
    sounds: dict[str, str]
    frequent: str
    initialled: list[str]
    ordinary: list[str]

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
        return Disguises.model_validate(load_yaml(_FILE))
    except (YAMLError, ValidationError) as error:
        raise RulePackInvalid(
            f"{_FILE.name} is not a valid table of disguises: {error}",
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
    return {fold_text(code).text: plain for code, plain in (table.codes | table.codes_en).items()}
