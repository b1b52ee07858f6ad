"""Compliance checks of a text, or of many at once."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.context import Caller, Home
from api.errors import problem_of
from domain.compliance import ComplianceReport, Jurisdictions
from domain.errors import LivecueError
from domain.language import name_supported
from domain.pool import in_pool
from domain.scope import Scope
from graphs.deps import Deps

router = APIRouter(prefix="/api/v1/check", tags=["compliance"])

MOST_ROWS = 200
"""The most texts in one request: what a server checks in some seconds."""


class CheckRequest(BaseModel):
    """A text to check, as a host would say it.

    `jurisdictions` is a list or `CN,US`; None means all. `lang` (`en`, `zh`) is the language of
    reasons and suggestions, that of the words objected to where it is None. `rewrite_with` says who
    mends violating sentences: the rules' own replacements, or the model (its words are checked
    again, and the rules take over). What a person allowed for `product_id` counts beside what is
    allowed in general.
    """

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1)
    jurisdictions: Jurisdictions = None
    category: str | None = Field(default=None, max_length=200)
    lang: str | None = Field(default=None, max_length=35)
    product_id: str | None = None
    rewrite_with: Literal["rules", "model"] = "rules"


class CheckBatch(BaseModel):
    """Rows as CheckRequest has them; one that is not costs only itself."""

    model_config = ConfigDict(extra="forbid")

    rows: list[dict[str, Any]] = Field(max_length=MOST_ROWS)


class CheckedRow(BaseModel):
    """The report on one row, or `{code, message, hint, details}` of why there is none."""

    report: ComplianceReport | None = None
    error: dict[str, Any] | None = None


class CheckedBatch(BaseModel):
    """One entry a row, in order."""

    rows: list[CheckedRow]


class CheckLimits(BaseModel):
    """How long a text may be, in code points."""

    chars: int


@router.post("")
async def check(wanted: CheckRequest, home: Home, caller: Caller) -> ComplianceReport:
    """Findings with rule, reason and suggestion, a rewrite that passes, and what it changed."""
    return await _check(wanted, home.deps_for(caller), caller)


@router.post("/batch")
async def check_batch(wanted: CheckBatch, home: Home, caller: Caller) -> CheckedBatch:
    """The reports on many texts; the error of a row stands in its place."""
    deps = home.deps_for(caller)
    return CheckedBatch(rows=[await _check_row(row, deps, caller) for row in wanted.rows])


@router.get("/limits")
def show_limits(home: Home) -> CheckLimits:
    """The longest text that is taken."""
    return CheckLimits(chars=home.settings.limits.check_chars)


async def _check_row(row: dict[str, Any], deps: Deps, caller: Scope) -> CheckedRow:
    try:
        report = await _check(CheckRequest.model_validate(row), deps, caller)
    except ValidationError as error:
        return CheckedRow(error=problem_of(error.errors()))
    except LivecueError as error:
        return CheckedRow(error=error.as_dict())
    return CheckedRow(report=report)


async def _check(wanted: CheckRequest, deps: Deps, caller: Scope) -> ComplianceReport:
    lang = None if wanted.lang is None else name_supported(wanted.lang)
    if wanted.product_id is not None:
        await in_pool(deps.catalog.get, caller, wanted.product_id)
    checker = deps.checker
    run = checker.purify if wanted.rewrite_with == "model" else checker.check
    return await run(
        wanted.text,
        jurisdictions=wanted.jurisdictions,
        category=wanted.category,
        product_id=wanted.product_id,
        lang=lang,
    )
