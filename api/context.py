"""What every route is given: the open home, and whose request it is."""

from typing import Annotated

from fastapi import Depends, Request

from domain.scope import Scope
from runtime import Runtime


def open_home(request: Request) -> Runtime:
    """The home that the application has open."""
    return request.app.state.runtime


def caller_scope() -> Scope:
    """The workspace and actor of a request: the one operator, as there are no accounts."""
    return Scope()


Home = Annotated[Runtime, Depends(open_home)]
Caller = Annotated[Scope, Depends(caller_scope)]
