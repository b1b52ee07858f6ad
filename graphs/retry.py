"""When a node is worth running again."""

from langgraph.types import RetryPolicy

from domain.errors import DeadlineExceeded, ModelUnavailable


def is_transient(error: Exception) -> bool:
    """A model that is loading, restarting or slow; anything else fails the same way again."""
    return type(error) is ModelUnavailable or isinstance(error, DeadlineExceeded)


MODEL_RETRY = RetryPolicy(initial_interval=1.0, max_attempts=2, retry_on=is_transient)
