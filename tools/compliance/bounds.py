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

    def find_override(self, rule: str, words: str) -> Override | None:
        """The override under which `rule` does not object to these folded words."""
        return self._allowed.get((rule, words.strip())) if self.overrides else None

    @cached_property
    def _allowed(self) -> Mapping[tuple[str, str], Override]:
        return {(o.rule, fold_text(o.quote).text.strip()): o for o in self.overrides}
