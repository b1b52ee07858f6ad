"""What every route is given: the open home, and whose request it is."""

from typing import Annotated

from fastapi import Depends, Request

from domain.scope import Scope
from runtime import Runtime


def _runtime(request: Request) -> Runtime:
    return request.app.state.runtime


def _scope() -> Scope:
    return Scope()


Home = Annotated[Runtime, Depends(_runtime)]
Caller = Annotated[Scope, Depends(_scope)]
