"""Identifiers that people can read, type and paste into a path."""

import re
import secrets

from domain.errors import InvalidInput

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SLUG_CHARS = 40


def new_id(prefix: str) -> str:
    """`<prefix>-<12 hex digits>`, drawn from 48 random bits."""
    return f"{prefix}-{secrets.token_hex(6)}"


def readable_id(name: str | None) -> str:
    """A product id from its name: `trail-backpack-3f9a2c`, or `p-3f9a2c1d` without Latin words."""
    words = re.findall(r"[a-z0-9]+", (name or "").lower())
    slug = "-".join(words)[:_SLUG_CHARS].strip("-")
    if not re.search(r"[a-z]", slug):
        return f"p-{secrets.token_hex(4)}"
    return f"{slug}-{secrets.token_hex(3)}"


def checked_id(value: str, what: str) -> str:
    """`value` when it may be an id; ids stand in addresses, file names and commands.

    Raises:
        InvalidInput: on spaces, slashes, a leading dot, or more than 80 characters.
    """
    if not _ID.fullmatch(value):
        raise InvalidInput(
            f"{value[:80]!r} cannot be a {what}.",
            hint="Use up to 80 letters, digits, dots, dashes and underscores, "
            "with a letter or digit first.",
        )
    return value
