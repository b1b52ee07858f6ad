"""Under what a text is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.compliance import JURISDICTIONS, Jurisdiction, Override
from tools.compliance.skeleton import fold_text


@dataclass(frozen=True)
class Bounds:
    """The jurisdictions, what is sold (in free words), and what persons allowed."""

    jurisdictions: tuple[Jurisdiction, ...] = JURISDICTIONS
    category: str | None = None
    overrides: Sequence[Override] = ()

    def find_override(self, rule: str, words: str, written: str) -> Override | None:
        """The override under which `rule` does not object to these words.

        `words` are folded with their disguise undone, `written` as the text has them.
        """
        if not self.overrides:
            return None
        plain = self._allowed.get((rule, words.strip()))
        return plain or self._allowed.get((rule, fold_quote(written)))

    @cached_property
    def _allowed(self) -> Mapping[tuple[str, str], Override]:
        folded = ((o.rule, fold_quote(o.quote), o) for o in self.overrides)
        return {(rule, words): override for rule, words, override in folded if words}


def fold_quote(quote: str) -> str:
    """The words of a quote as rules read them; empty where there are none (`😀`)."""
    return fold_text(quote).text.strip()
