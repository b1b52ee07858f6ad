"""A text file that appears whole or not at all."""

import errno
import tempfile
from pathlib import Path

from domain.errors import StorageFull


def write_whole(out: Path, text: str) -> Path:
    """Write `text` as UTF-8 to `out`.

    Raises:
        StorageFull: the disk is full; what stood at `out` stays.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=out.parent, suffix=".part", delete=False) as file:
        part = Path(file.name)
    try:
        part.write_text(text, "utf-8")
        part.replace(out)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise StorageFull(
            f"The disk is full, so {out.name} cannot be written.",
            hint="Free some space, then export it again.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return out
