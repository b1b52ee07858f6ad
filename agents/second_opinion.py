"""A model's verdict on what the classifier of meaning is unsure of.

The verdict counts against a sentence only when it quotes the sentence; what it acquits is dropped,
and where it says nothing usable the notice stays.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.errors import DeadlineExceeded, ModelOutputInvalid, ModelRefused, ModelUnavailable
from domain.language import detect_language
from domain.outputs import Verdict
from models.chat import ChatModel
from models.prompts import PromptLibrary
from tools.compliance import Bounds, Checked, Match, as_violation, is_unsure

_TOKENS = 160
_SECONDS = 10.0
"""How long a verdict may take, waiting included: without it the notice stays."""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Asks `model` about unsure findings."""

    model: ChatModel
    prompts: PromptLibrary

    async def settle(
        self, checked: Sequence[Checked], bounds: Bounds
    ) -> tuple[list[Checked], set[str]]:
        """`checked` with every unsure finding confirmed, dropped or left; and the prompts used."""
        used: set[str] = set()
        settled = await asyncio.gather(*(self._settle(item, bounds, used) for item in checked))
        return list(settled), used

    async def _settle(self, item: Checked, bounds: Bounds, used: set[str]) -> Checked:
        if not any(is_unsure(match.rule) and match.override is None for match in item.matches):
            return item
        matches = await asyncio.gather(
            *(self._judge(match, item, bounds, used) for match in item.matches)
        )
        return replace(item, matches=tuple(match for match in matches if match is not None))

    async def _judge(
        self, match: Match, item: Checked, bounds: Bounds, used: set[str]
    ) -> Match | None:
        if not is_unsure(match.rule) or match.override is not None:
            return match
        sentence = item.sentence.text
        lang = detect_language(sentence)
        prompt = self.prompts.render(
            f"compliance_checker/judge_{lang}",
            sentence=sentence.strip(),
            jurisdiction=match.rule.jurisdiction,
            law=match.rule.rule.article,
            forbidden=match.rule.rule.reason.in_language(lang),
            goods=bounds.category or "",
        )
        used.add(str(prompt.ref))
        try:
            parsed = await self.model.parse(prompt, Verdict, max_tokens=_TOKENS, timeout=_SECONDS)
        except (ModelUnavailable, ModelRefused, ModelOutputInvalid, DeadlineExceeded):
            return match
        if not parsed.value.violates:
            return None
        quote = parsed.value.quote.strip()
        at = sentence.find(quote) if quote else -1
        if at < 0:
            return match
        start, end = item.skeleton.locate(at, at + len(quote))
        allowed = bounds.find_override(match.rule.rule.id, item.skeleton.text[start:end])
        return Match(as_violation(match.rule), start, end, allowed)
