"""A model's verdict on what the classifier of meaning is unsure of.

The verdict counts against a sentence only when it quotes the sentence; what it acquits is dropped,
and where it says nothing usable the notice stays.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from domain.errors import DeadlineExceeded, ModelOutputInvalid, ModelRefused, ModelUnavailable
from domain.language import detect_language
from domain.outputs import Verdict
from models.chat import ChatModel
from models.prompts import PromptLibrary
from tools.compliance import Bounds, Checked, Match, as_violation, is_unsure

_TOKENS = 160
_AT_ONCE = 4
_SECONDS = 10.0
"""How long a verdict may take once it is asked for: without it the notice stays."""

_Question = tuple[str, str]
"""A sentence and the rule that it may break."""


class SecondOpinion:
    """Asks `model` about unsure findings under `bounds`, at most four at once.

    One is for a text and what becomes of it: no question is put twice, and none to a model that
    was late or away once. `prompts_used` grows.
    """

    def __init__(self, model: ChatModel, prompts: PromptLibrary, bounds: Bounds) -> None:
        self.prompts_used: set[str] = set()
        self._model = model
        self._prompts = prompts
        self._bounds = bounds
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._is_away = False
        self._verdicts: dict[_Question, Verdict | None] = {}

    async def settle(self, checked: Sequence[Checked]) -> list[Checked]:
        """`checked` with every unsure finding confirmed, dropped or left."""
        unsure = {
            _question(match, item): match
            for item in checked
            for match in item.matches
            if _is_open(match)
        }
        new = {key: match for key, match in unsure.items() if key not in self._verdicts}
        told = await asyncio.gather(*(self._ask(key[0], match) for key, match in new.items()))
        self._verdicts.update(zip(new, told, strict=True))
        return [self._apply(item) for item in checked]

    async def _ask(self, sentence: str, match: Match) -> Verdict | None:
        lang = detect_language(sentence)
        prompt = self._prompts.render(
            f"compliance_checker/judge_{lang}",
            sentence=sentence,
            jurisdiction=match.rule.jurisdiction,
            law=match.rule.rule.article,
            forbidden=match.rule.rule.reason.in_language(lang),
            goods=self._bounds.category or "",
        )
        async with self._slots:
            if self._is_away:
                return None
            self.prompts_used.add(str(prompt.ref))
            try:
                parsed = await self._model.parse(
                    prompt, Verdict, max_tokens=_TOKENS, timeout=_SECONDS
                )
            except (ModelRefused, ModelOutputInvalid):
                return None
            except (ModelUnavailable, DeadlineExceeded):
                self._is_away = True
                return None
        return parsed.value

    def _apply(self, item: Checked) -> Checked:
        settled = (self._judge(m, item) if _is_open(m) else m for m in item.matches)
        return replace(item, matches=tuple(match for match in settled if match is not None))

    def _judge(self, match: Match, item: Checked) -> Match | None:
        verdict = self._verdicts[_question(match, item)]
        if verdict is None:
            return match
        if not verdict.violates:
            return None
        sentence, quote = item.sentence.text, verdict.quote.strip()
        at = sentence.find(quote) if quote else -1
        if at < 0:
            return match
        start, end = item.skeleton.locate(at, at + len(quote))
        words = item.skeleton.text[start:end]
        allowed = self._bounds.find_override(match.rule.rule.id, words, quote)
        return Match(as_violation(match.rule), start, end, allowed)


def _is_open(match: Match) -> bool:
    return is_unsure(match.rule) and match.override is None


def _question(match: Match, item: Checked) -> _Question:
    return item.sentence.text.strip(), match.rule.rule.id
