"""The prompt files: list, show, lint, render."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from api.context import Home

router = APIRouter(prefix="/api/v1/prompts", tags=["prompts"])


class PromptSummary(BaseModel):
    """A prompt file's identity and purpose."""

    ref: str
    id: str
    version: int
    hash: str
    description: str


class PromptDetail(PromptSummary):
    """A prompt file in full; `sections` are (role, template) in file order."""

    inputs: dict[str, Any]
    output: str | None
    notes: str
    sections: list[tuple[str, str]]


class RenderedMessages(BaseModel):
    """The messages that a model would get."""

    ref: str
    messages: list[dict[str, str]]


class LintReport(BaseModel):
    """What is wrong with the prompt files; empty when nothing is."""

    problems: list[dict[str, str]]


def _detail(home: Home, prompt_id: str) -> PromptDetail:
    prompt = home.deps.prompts.get(prompt_id)
    return PromptDetail(
        ref=str(prompt.ref),
        id=prompt.ref.id,
        version=prompt.ref.version,
        hash=prompt.ref.hash,
        description=prompt.front.description,
        inputs=prompt.front.inputs,
        output=prompt.front.output,
        notes=prompt.front.notes,
        sections=list(prompt.sections),
    )


@router.get("")
def list_prompts(home: Home) -> list[PromptSummary]:
    """Every prompt file."""
    details = [_detail(home, prompt_id) for prompt_id in home.deps.prompts.ids()]
    return [PromptSummary(**d.model_dump(include=set(PromptSummary.model_fields))) for d in details]


@router.get("/lint")
def lint_prompts(home: Home) -> LintReport:
    """Check every prompt file against the format."""
    problems = home.deps.prompts.lint()
    return LintReport(problems=[{"where": p.where, "message": p.message} for p in problems])


@router.get("/{agent}/{task}")
def show_prompt(agent: str, task: str, home: Home) -> PromptDetail:
    """One prompt file."""
    return _detail(home, f"{agent}/{task}")


@router.post("/{agent}/{task}/render")
def render_prompt(agent: str, task: str, inputs: dict[str, Any], home: Home) -> RenderedMessages:
    """Fill a prompt in without calling a model."""
    rendered = home.deps.prompts.render(f"{agent}/{task}", **inputs)
    return RenderedMessages(ref=str(rendered.ref), messages=list(rendered.messages))
