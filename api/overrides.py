"""What persons allowed against a rule, with the reason."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.compliance import Override, Withdrawal
from domain.pool import in_pool
from tools.overrides import allow_wording, withdraw_wording

router = APIRouter(prefix="/api/v1/overrides", tags=["compliance"], route_class=IdempotentRoute)


class OverrideRequest(BaseModel):
    """Words that `rule` is not to object to, and why; for one product where it is given.

    `text` is what the words stand in, where the rule does not object to them by themselves.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    rule: str = Field(min_length=1)
    quote: str = Field(min_length=1, max_length=500)
    reason: str = Field(min_length=1, max_length=2000)
    product_id: str | None = None
    text: str | None = None


class OverrideList(BaseModel):
    """Overrides, newest first."""

    overrides: list[Override]


@router.post("", status_code=201)
async def allow(wanted: OverrideRequest, home: Home, caller: Caller) -> Override:
    """Allow these words from now on; the decision is recorded with its reason and its author.

    Words that are allowed already stay so with the reason that was given first.
    """
    deps = home.deps_for(caller)
    if wanted.product_id is not None:
        await in_pool(deps.catalog.get, caller, wanted.product_id)
    return await in_pool(
        allow_wording,
        deps.overrides,
        await in_pool(deps.packs),
        caller,
        **wanted.model_dump(),
        max_chars=deps.settings.limits.check_chars,
    )


@router.get("")
def list_overrides(home: Home, caller: Caller, withdrawn: bool = False) -> OverrideList:
    """What is allowed; with `withdrawn` also what was."""
    return OverrideList(overrides=home.deps_for(caller).overrides.list(caller, withdrawn=withdrawn))


@router.delete("/{override_id}")
def withdraw(override_id: str, home: Home, caller: Caller) -> Withdrawal:
    """Let the rule object again; the record of the decision stays."""
    return withdraw_wording(home.deps_for(caller).overrides, caller, override_id)
