"""Phrasing, when nobody waits, what went out in the record's own words."""

from functools import partial

from agents.answer_phraser import CheckText
from graphs.deps import Deps
from tools.phrasings import Wish


async def phrase_wished(deps: Deps) -> bool:
    """Phrase the answer that was wished for last, as checked as any; False where none was."""

    def check(wish: Wish) -> CheckText:
        document = wish.document
        return partial(
            deps.checker.check_answer,
            category=document.record.category,
            product_id=document.product_id,
        )

    return await deps.responder.phrase_wished(check)
