"""The receipt: all that a clip was made of, as JSON beside it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.clip_exports.files import write_whole
from tools.film.assets import Rendered


def write_receipt_file(rendered: Rendered, out: Path, *, made_by: Mapping[str, Any]) -> Path:
    """Write a clip's receipt to `out`.

    `made_by` is what was decided before rendering: scores, models, prompts and rules, each with its
    version or hash.

    Raises:
        StorageFull: the disk is full.
    """
    whole = {**rendered.receipt, "made_by": dict(made_by)}
    return write_whole(out, json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
