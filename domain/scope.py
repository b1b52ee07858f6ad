"""Whose data, and who acts: carried by every read and every write."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """A workspace and the actor in it.

    Stores filter every read by `workspace_id` and stamp every write with `actor`.
    """

    workspace_id: str = "default"
    actor: str = "local"
