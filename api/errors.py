"""One error shape for every route: `{error: {code, message, hint, details}}`."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from domain.errors import LivecueError

log = logging.getLogger("livecue.api")


def error_response(status: int, body: dict[str, Any]) -> JSONResponse:
    """A response with the one error shape."""
    return JSONResponse({"error": jsonable_encoder(body)}, status_code=status)


def problem_of(errors: Sequence[Any]) -> dict[str, Any]:
    """The inner object of the error shape for what pydantic finds wrong with an input."""
    problems = [
        {"at": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]}
        for item in errors
    ]
    # Where a value could be one of several kinds, the deepest problem is about the kind meant.
    first = max(problems, key=lambda item: item["at"].count("."))
    return {
        "code": "invalid_input",
        "message": f"{first['at']}: {first['problem']}",
        "hint": "see /docs for the request's shape",
        "details": {"problems": problems},
    }


def _livecue_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, LivecueError)  # noqa: S101 - registered for this class only
    return error_response(error.status, error.as_dict())


def _invalid_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return error_response(422, problem_of(error.errors()))


def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    codes = {404: "not_found", 405: "method_not_allowed"}
    return error_response(
        error.status_code,
        {
            "code": codes.get(error.status_code, "http_error"),
            "message": f"{request.method} {request.url.path}: {error.detail}",
            "hint": "see /docs for the routes",
            "details": {},
        },
    )


def _bug(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return error_response(
        500,
        {
            "code": "internal",
            "message": f"{type(error).__name__} while serving {request.url.path}",
            "hint": "the server's log has the details",
            "details": {},
        },
    )


def _client_left(_request: Request, _error: Exception) -> JSONResponse:
    """Nobody reads it: the client broke off while it was sending."""
    body = {"code": "client_left", "message": "the request broke off", "hint": "send it again"}
    return error_response(400, body | {"details": {}})


def install(app: FastAPI) -> None:
    """Give `app` the one error shape."""
    app.add_exception_handler(LivecueError, _livecue_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(ClientDisconnect, _client_left)
    app.add_exception_handler(Exception, _bug)
