"""Names for requests: the same request has the same fingerprint."""

import hashlib
import json
from typing import Any


def fingerprint(*parts: Any) -> str:  # noqa: ANN401 - any JSON
    """SHA-256 over the canonical JSON of `parts`."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
