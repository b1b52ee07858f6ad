"""Compliance checks of a text."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from domain.compliance import ComplianceReport, Jurisdictions
from domain.pool import in_pool

router = APIRouter(prefix="/api/v1/check", tags=["compliance"])


class CheckRequest(BaseModel):
    """A text to check, as a host would say it.

    `jurisdictions` is a list or `CN,US`; None means all. `lang` (`en`, `zh`) is the language of
    reasons and suggestions, the text's own where it is None. `rewrite_with` says who mends
    violating sentences: the rules' own replacements, or the model (its words are checked again, and
    the rules take over). What a person allowed for `product_id` counts beside what is allowed in
    general.
    """

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1)
    jurisdictions: Jurisdictions = None
    category: str | None = Field(default=None, max_length=200)
    lang: str | None = Field(default=None, max_length=35)
    product_id: str | None = None
    rewrite_with: Literal["rules", "model"] = "rules"


@router.post("")
async def check(wanted: CheckRequest, home: Home, caller: Caller) -> ComplianceReport:
    """Findings with rule, reason and suggestion, a rewrite that passes, and what it changed."""
    deps = home.deps_for(caller)
    if wanted.product_id is not None:
        await in_pool(deps.catalog.get, caller, wanted.product_id)
    checker = deps.checker
    run = checker.purify if wanted.rewrite_with == "model" else checker.check
    return await run(
        wanted.text,
        jurisdictions=wanted.jurisdictions,
        category=wanted.category,
        product_id=wanted.product_id,
        lang=wanted.lang,
    )
