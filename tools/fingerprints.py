"""Names for requests, and choices that stay: the same text gives the same number."""

import hashlib
import json
from typing import Any


def fingerprint(*parts: Any) -> str:  # noqa: ANN401 - any JSON
    """SHA-256 over the canonical JSON of `parts`."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stable_number(text: str) -> int:
    """A number that follows from `text` alone, the same in every process."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
