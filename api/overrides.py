"""What persons allowed against a rule, with the reason."""

from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.compliance import Override
from domain.errors import InvalidInput
from domain.pool import in_pool
from stores.ids import new_id
from tools.compliance import MEANING_RULES

router = APIRouter(prefix="/api/v1/overrides", tags=["compliance"], route_class=IdempotentRoute)


class OverrideRequest(BaseModel):
    """Words that `rule` is not to object to, and why; for one product where it is given."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    rule: str = Field(min_length=1)
    quote: str = Field(min_length=1, max_length=500)
    reason: str = Field(min_length=1, max_length=2000)
    product_id: str | None = None


class OverrideList(BaseModel):
    """Overrides, newest first."""

    overrides: list[Override]


@router.post("", status_code=201)
async def allow(wanted: OverrideRequest, home: Home, caller: Caller) -> Override:
    """Allow these words from now on; the decision is recorded with its reason and its author."""
    deps = home.deps_for(caller)
    if wanted.product_id is not None:
        await in_pool(deps.catalog.get, caller, wanted.product_id)
    packs = await in_pool(deps.packs)
    if wanted.rule not in {*MEANING_RULES.values(), *(rule.rule.id for rule in packs.rules)}:
        raise InvalidInput(
            f"there is no rule {wanted.rule}",
            hint="take the rule from a finding of: livecue check TEXT",
        )
    override = Override(
        override_id=new_id("override"),
        **wanted.model_dump(),
        actor=caller.actor,
        created_at=datetime.now(UTC),
    )
    await in_pool(deps.overrides.add, caller, override)
    return override


@router.get("")
def list_overrides(home: Home, caller: Caller, withdrawn: bool = False) -> OverrideList:
    """What is allowed; with `withdrawn` also what was."""
    return OverrideList(overrides=home.deps_for(caller).overrides.list(caller, withdrawn=withdrawn))


@router.delete("/{override_id}")
def withdraw(override_id: str, home: Home, caller: Caller) -> Override:
    """Let the rule object again; the record of the decision stays."""
    return home.deps_for(caller).overrides.withdraw(caller, override_id)
