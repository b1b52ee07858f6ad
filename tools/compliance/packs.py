"""The rule pack format: what a YAML file of rules, and the vocabulary they share, may say.

Every expression is matched against the skeleton of a sentence (lower case, half width, simplified
characters, separators inside Chinese words gone; see `skeleton`), with `re.ASCII`, so that a word
boundary stands between Latin letters and Chinese characters. `<name>` in an expression stands for
any word or expression of that name in the vocabulary.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from domain.compliance import Jurisdiction, Severity
from domain.errors import LivecueError

Expression = Annotated[str, StringConstraints(min_length=1, max_length=1200)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z_]+){1,3}$")]
CategoryName = Literal["cosmetic", "food", "supplement", "drug", "device", "disinfectant"]


class RulePackInvalid(LivecueError):
    """A rule pack or the vocabulary breaks the format, or names what is not there."""

    code = "rule_pack_invalid"
    status = 500


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Wording(_Strict):
    """The same thing in the two supported languages."""

    en: str
    zh: str

    def in_language(self, lang: str) -> str:
        """The Chinese wording for `zh` and its regional tags, else the English one."""
        return self.zh if lang.startswith("zh") else self.en


class Replacement(_Strict):
    r"""A deterministic mend: a found span that `match` fully matches becomes `to`.

    `match` is read on the skeleton; `to` may refer to its groups as `\1`.
    """

    match: Expression
    to: str


class Examples(_Strict):
    """Sentences that a rule must and must not find; a test runs every one of them."""

    must_match: Annotated[list[str], Field(min_length=2)]
    must_not_match: Annotated[list[str], Field(min_length=1)]


class Rule(_Strict):
    """One prohibition.

    `terms` are literal wordings, `patterns` expressions; `disguised` expressions count only where
    part of the wording was disguised (hiding a word says what is meant by it). A match is legal
    when an `exclusions` match covers it (a longer, harmless phrase) or when a named context of the
    vocabulary in `legal_when` holds. `applies_to` confines the rule to product categories, given or
    named in the text; `not_for` spares those given. What no replacement fits is cut with its `cut`
    unit.
    """

    id: RuleId
    article: str
    category: str
    severity: Severity = "violation"
    reason: Wording
    suggestion: Wording
    terms: list[str] = []
    patterns: list[Expression] = []
    disguised: list[Expression] = []
    exclusions: list[Expression] = []
    legal_when: list[str] = []
    applies_to: list[CategoryName] = []
    not_for: list[CategoryName] = []
    replacements: list[Replacement] = []
    cut: Literal["clause", "sentence"] = "clause"
    examples: Examples

    @model_validator(mode="after")
    def _finds_something(self) -> Self:
        if not self.terms and not self.patterns:
            raise ValueError(f"{self.id} has neither terms nor patterns")
        return self


class RulePack(_Strict):
    """A versioned set of rules of one jurisdiction; `source` is the law they are written from."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]+$")]
    version: int = Field(ge=1)
    jurisdiction: Jurisdiction
    languages: list[Literal["en", "zh"]]
    source: str
    rules: Annotated[list[Rule], Field(min_length=1)]

    @property
    def ref(self) -> str:
        """`id@version`, as reports name it."""
        return f"{self.id}@{self.version}"


class Context(_Strict):
    """A context in which prohibited words are legal.

    It holds when an expression of `before` matches right up to the find, one of `after` matches
    right from its end, one of `anywhere` is found within `scope`, or each of `all_of` is; and
    nothing of `unless` is found in the sentence. `scope` is the sentence, the sentence with its
    two neighbours (`near`), or the whole text.
    """

    before: list[Expression] = []
    after: list[Expression] = []
    anywhere: list[Expression] = []
    all_of: list[Expression] = []
    unless: list[Expression] = []
    scope: Literal["sentence", "near", "text"] = "sentence"


class Vocabulary(_Strict):
    """What all packs share: word lists, contexts, and the words that name a product category.

    `expressions` are named like word lists, and may refer to these; both stand for `<name>`.
    `legal_everywhere` names the contexts that make any rule's words legal.
    """

    words: dict[str, list[str]]
    expressions: dict[str, list[Expression]] = {}
    contexts: dict[str, Context]
    legal_everywhere: list[str] = []
    categories: dict[CategoryName, list[Expression]]
