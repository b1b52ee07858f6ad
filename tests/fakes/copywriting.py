"""A copywriter whose model answers from a script, and a check that knows some prohibited words."""

from datetime import UTC, datetime

from agents.copywriter import Copywriter
from domain.compliance import ComplianceReport, Finding
from domain.copywriting import Copy, CopyBrief, CopyDraft
from domain.errors import LivecueError, ModelOutputInvalid
from domain.outputs import WrittenLine
from domain.product import ProductRecord
from models.prompts import PromptLibrary
from tests.fakes.products import document_of
from tests.fakes.scripted_chat import ScriptedChat
from tools.copy_checks import finish

BROKEN = ModelOutputInvalid("The output does not parse.", hint="Try again.")


def copywriter(
    *lines: str | LivecueError, repairs: int = 2, translates: bool = True
) -> tuple[Copywriter, ScriptedChat]:
    model = ScriptedChat([WrittenLine(text=x) if isinstance(x, str) else x for x in lines])
    return Copywriter(model, PromptLibrary(), repairs=repairs, translates=translates), model


async def draft_without_model(
    record: ProductRecord, brief: CopyBrief, *, sample: int = 0
) -> CopyDraft:
    """A draft for which the model never gives a usable line."""
    agent, _ = copywriter(*[BROKEN] * 80)
    return await agent.write(document_of(record), brief, sample=sample)


async def finished(draft: CopyDraft, record: ProductRecord, *prohibited: str) -> Copy:
    async def check(text: str) -> ComplianceReport:
        found = [
            Finding(
                start=text.index(word),
                end=text.index(word) + len(word),
                rule="test.word",
                jurisdiction="platform",
                severity="violation",
                reason="a prohibited word",
                suggestion="",
            )
            for word in prohibited
            if word in text
        ]
        return ComplianceReport(violating=bool(found), findings=found, rewrite=text)

    return await finish(
        draft,
        copy_id="c-1",
        document=document_of(record),
        check=check,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
