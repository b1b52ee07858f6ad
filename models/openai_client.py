"""The blocking client of an OpenAI-compatible endpoint, and its errors in our words."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from domain.errors import DeadlineExceeded, ModelOutputInvalid, ModelRefused, ModelUnavailable
from domain.settings import Endpoint

if TYPE_CHECKING:
    from openai import OpenAI


def connect(endpoint: Endpoint, *, job: str) -> "OpenAI":
    """A client for `endpoint`; `job` names the settings that configure it."""
    from openai import OpenAI

    if endpoint.model is None:
        raise ModelRefused(
            f"the {job} endpoint {endpoint.base_url} is set without a model",
            hint=f"set LIVECUE_{job.upper()}__MODEL to a model that it serves",
        )
    key = endpoint.api_key.get_secret_value() if endpoint.api_key else "none"
    return OpenAI(
        base_url=endpoint.base_url,
        api_key=key,
        timeout=endpoint.timeout_seconds,
        max_retries=endpoint.max_retries,
    )


@contextmanager
def told_by_endpoint(endpoint: Endpoint, *, job: str) -> Generator[None]:
    """Turn the client's errors, and a reply that makes no sense, into typed ones."""
    import openai

    where = f"the {job} endpoint {endpoint.base_url}"
    setting = f"LIVECUE_{job.upper()}"
    try:
        yield
    except openai.APITimeoutError as error:
        raise DeadlineExceeded(
            f"{where} did not answer in {endpoint.timeout_seconds:g} s",
            hint=f"raise {setting}__TIMEOUT_SECONDS, or check the server",
        ) from error
    except openai.APIConnectionError as error:
        raise ModelUnavailable(
            f"{where} cannot be reached",
            hint=f"start it, correct {setting}__BASE_URL, or unset it to use the embedded model",
        ) from error
    except openai.APIStatusError as error:
        if error.status_code == 429 or error.status_code >= 500:
            raise ModelUnavailable(
                f"{where} answered {error.status_code}", hint="try again later"
            ) from error
        raise ModelRefused(
            f"{where} refused the request ({error.status_code}): {error.message}",
            hint=f"check {setting}__MODEL and {setting}__API_KEY",
        ) from error
    except (ValueError, TypeError, openai.APIError) as error:
        raise ModelOutputInvalid(
            f"{where} sent a reply that cannot be read: {error}",
            hint="check that the address is an OpenAI-compatible API",
        ) from error
