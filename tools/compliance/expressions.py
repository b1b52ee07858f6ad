"""Compiling the expressions of rule packs, and refusing those that could run away.

Python's `re` backtracks. An expression whose every repeat is bounded takes at most a constant
number of steps from each start, so a scan stays linear in the text; that is what is enforced.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from tools.compliance.literals import Analysis, Groups, analyse
from tools.compliance.packs import RulePackInvalid, Vocabulary
from tools.compliance.quickening import compile_quick
from tools.compliance.skeleton import fold_character, fold_text

MAX_REPEAT = 60
MAX_NESTED_REPEAT = 160

_PLACEHOLDER = re.compile(r"<([a-z]{2,}(?:_[a-z]+)*)>")
_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:=!>]|<[=!])|[()]|\{(\d+)(,?)(\d*)\}|[*+?]|.",
    re.DOTALL,
)
_MEND = "bound every repeat, as in {0,12}, and keep repeats out of repeats"


def compile_terms(terms: Iterable[str]) -> list[str]:
    """Expressions for literal terms, longest first; a space matches a space or hyphen too."""
    folded = sorted({fold_text(term).text for term in terms}, key=len, reverse=True)
    return [_term(text) for text in folded if text]


class Shared(dict[str, str]):
    """What each `<name>` stands for, and what is known of expressions with it."""

    def __init__(self, expansions: Mapping[str, str]) -> None:
        super().__init__(expansions)
        self.groups = Groups(expansions.values())
        self._known: dict[str, Analysis] = {}

    def analyse(self, source: str) -> Analysis:
        """The factors and wordings of an expanded expression.

        Raises:
            re.error: it would not compile.
        """
        if source not in self._known:
            self._known[source] = analyse(source, self.groups)
        return self._known[source]


def expand_vocabulary(vocabulary: Vocabulary) -> Shared:
    """What each `<name>` of the vocabulary stands for: its words or expressions, as one group."""
    shared = {
        name: "(?:" + "|".join(compile_terms(words)) + ")"
        for name, words in vocabulary.words.items()
    }
    for name, expressions in vocabulary.expressions.items():
        parts = [expand(e, shared, owner=f"vocabulary {name}") for e in expressions]
        shared[name] = "(?:" + "|".join(parts) + ")"
    return Shared(shared)


def expand(expression: str, shared: Mapping[str, str], *, owner: str) -> str:
    """`expression` with every `<name>` replaced by what it stands for."""

    def group(match: re.Match[str]) -> str:
        name = match[1]
        if name not in shared:
            raise RulePackInvalid(
                f"{owner} refers to <{name}>, which the vocabulary does not have",
                hint=f"add {name} under `words` or `expressions`, or correct the name",
            )
        return shared[name]

    return _PLACEHOLDER.sub(group, expression)


def compile_expression(
    expression: str, shared: Mapping[str, str], *, owner: str
) -> re.Pattern[str]:
    """One expression, compiled alone so that its groups keep their numbers."""
    return _compile(expand(expression, shared, owner=owner), owner)


def split_expression(expression: str, shared: Shared, *, owner: str) -> list[str]:
    """The alternatives of an expression, checked; `compiled` makes patterns of them when needed.

    Raises:
        RulePackInvalid: an unknown word list, a syntax error, or an unbounded repeat.
    """
    source = expand(expression, shared, owner=owner)
    _refuse_runaways(source, owner)
    _refuse_unfolded(source, owner)
    alternatives = shared.groups.alternatives(source)
    try:
        for alternative in alternatives:
            shared.analyse(alternative)
    except re.error as error:
        raise _broken(owner, error) from error
    return alternatives


@lru_cache(maxsize=16384)
def compiled(source: str) -> re.Pattern[str]:
    """The pattern of an alternative; most are never met, so that none is compiled beforehand."""
    return compile_quick(source)


def _broken(owner: str, error: re.error) -> RulePackInvalid:
    return RulePackInvalid(
        f"{owner} has an expression that does not compile: {error}", hint="mend its syntax"
    )


def _compile(source: str, owner: str) -> re.Pattern[str]:
    _refuse_runaways(source, owner)
    _refuse_unfolded(source, owner)
    try:
        return re.compile(source, re.ASCII)
    except re.error as error:
        raise _broken(owner, error) from error


def _term(text: str) -> str:
    body = re.escape(text).replace(r"\ ", "[ -]{1,2}")
    start = r"\b" if text[0].isascii() and text[0].isalnum() else ""
    end = r"\b" if text[-1].isascii() and text[-1].isalnum() else ""
    return start + body + end


def _refuse_unfolded(source: str, owner: str) -> None:
    unfolded = {c for c in source if not c.isascii() and fold_character(c) != c}
    if unfolded:
        raise RulePackInvalid(
            f"{owner} can never match {''.join(sorted(unfolded))}: skeletons do not hold it",
            hint=f"write {', '.join(fold_character(c) or 'nothing' for c in sorted(unfolded))}",
        )


def _refuse_runaways(source: str, owner: str) -> None:
    weights = [1]
    closed = 1
    for token in _TOKEN.finditer(source):
        text = token[0]
        if text[0] == "(":
            weights.append(1)
            closed = 1
        elif text == ")":
            closed = weights.pop() if len(weights) > 1 else 1
            weights[-1] = max(weights[-1], closed)
        elif text in "*+" or (token[2] and not token[3]):
            raise RulePackInvalid(f"{owner} has an unbounded repeat {text!r}", hint=_MEND)
        elif token[1] is not None:
            most = int(token[3] or token[1])
            weights[-1] = max(weights[-1], most * closed)
            if most > MAX_REPEAT or weights[-1] > MAX_NESTED_REPEAT:
                raise RulePackInvalid(f"{owner} repeats too much at {text!r}", hint=_MEND)
            closed = 1
        elif text != "?":
            closed = 1
