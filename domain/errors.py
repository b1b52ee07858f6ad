"""Typed errors: what went wrong, and what the user does next.

Every error has a stable `code`, an HTTP `status`, a `message` that names the thing at fault and a
`hint` that names the mend. The one wire shape is `{error: {code, message, hint, details}}`.
"""

from typing import Any, ClassVar


class LivecueError(Exception):
    """Base of every error that Livecue raises on purpose."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, message: str, *, hint: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details or {}

    def as_dict(self) -> dict[str, Any]:
        """The inner object of the wire shape."""
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "details": self.details,
        }


class InvalidInput(LivecueError):
    """The request or the file cannot be understood as it is."""

    code = "invalid_input"
    status = 422


class UnsupportedSource(InvalidInput):
    """A file of a kind that no reader takes."""

    code = "unsupported_source"
    status = 415


class AddressRefused(InvalidInput):
    """A web address that is not asked: a private network, an odd port, a password in it."""

    code = "address_refused"


class FetchFailed(LivecueError):
    """A web address that could not be fetched: no answer, a refusal, too many redirects."""

    code = "fetch_failed"
    status = 502


class LimitExceeded(LivecueError):
    """An input is larger than a configured limit."""

    code = "limit_exceeded"
    status = 413


class NotFound(LivecueError):
    """No such product, job, copy, prompt or file in this workspace."""

    code = "not_found"
    status = 404


class StateConflict(LivecueError):
    """The thing exists, but its state does not allow this step."""

    code = "state_conflict"
    status = 409


class HomeBusy(LivecueError):
    """Another process owns the home and did not release it in time."""

    code = "home_busy"
    status = 409


class PortTaken(LivecueError):
    """The address to serve on is in use."""

    code = "port_taken"
    status = 500


class StorageFull(LivecueError):
    """Too little disk for the write that was asked for."""

    code = "storage_full"
    status = 507


class StoreUnavailable(LivecueError):
    """A database or vector server cannot be reached, or it refuses us."""

    code = "store_unavailable"
    status = 503


class ModelUnavailable(LivecueError):
    """A model file is missing, or its server or endpoint cannot be reached."""

    code = "model_unavailable"
    status = 503


class ModelFileCorrupt(ModelUnavailable):
    """A model file's hash is not the pinned one."""

    code = "model_file_corrupt"


class ModelRefused(LivecueError):
    """The endpoint answered with an error that a retry cannot mend (bad key, bad model name)."""

    code = "model_refused"
    status = 502


class ModelOutputInvalid(LivecueError):
    """The model's output does not parse into the asked-for shape after the allowed repairs."""

    code = "model_output_invalid"
    status = 502


class DeadlineExceeded(LivecueError):
    """The work did not finish within its deadline."""

    code = "deadline_exceeded"
    status = 504


class JobCancelled(LivecueError):
    """A person or a shutdown cancelled the job."""

    code = "job_cancelled"
    status = 409


class PromptInvalid(LivecueError):
    """A prompt file breaks the format, or its inputs do not fit its schema."""

    code = "prompt_invalid"
    status = 500


class NotAvailable(LivecueError):
    """A capability that this installation does not have (said plainly, never faked)."""

    code = "not_available"
    status = 501
