"""The prompt files: list, show, lint, render."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.context import Caller, Home
from models.prompts import PromptLibrary

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


def prompt_library(home: Home, caller: Caller) -> PromptLibrary:
    """The caller's prompt files."""
    return home.deps_for(caller).prompts


Prompts = Annotated[PromptLibrary, Depends(prompt_library)]


def _detail(prompts: Prompts, prompt_id: str) -> PromptDetail:
    prompt = prompts.get(prompt_id)
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
def list_prompts(prompts: Prompts) -> list[PromptSummary]:
    """Every prompt file."""
    details = [_detail(prompts, prompt_id) for prompt_id in prompts.ids()]
    return [PromptSummary(**d.model_dump(include=set(PromptSummary.model_fields))) for d in details]


@router.get("/lint")
def lint_prompts(prompts: Prompts) -> LintReport:
    """Check every prompt file against the format."""
    problems = prompts.lint()
    return LintReport(problems=[{"where": p.where, "message": p.message} for p in problems])


@router.get("/{agent}/{task}")
def show_prompt(agent: str, task: str, prompts: Prompts) -> PromptDetail:
    """One prompt file."""
    return _detail(prompts, f"{agent}/{task}")


@router.post("/{agent}/{task}/render")
def render_prompt(
    agent: str, task: str, inputs: dict[str, Any], prompts: Prompts
) -> RenderedMessages:
    """Fill a prompt in without calling a model."""
    rendered = prompts.render(f"{agent}/{task}", **inputs)
    return RenderedMessages(ref=str(rendered.ref), messages=list(rendered.messages))
