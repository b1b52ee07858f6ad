"""Small made-up wheels in a folder that pip takes for an index."""

import hashlib
import zipfile
from pathlib import Path

from models.manifest import Wheel


def make_wheel(folder: Path, project: str, members: dict[str, tuple[str, bytes]]) -> Wheel:
    """Write `<project>-1.0.0` with `members` (file name → path in the wheel, bytes)."""
    module = project.replace("-", "_")
    info = f"{module}-1.0.0.dist-info"
    path = folder / f"{module}-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, content in members.values():
            archive.writestr(place, content)
        archive.writestr(f"{module}/__init__.py", "raise SystemExit('a part was imported')\n")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    content = path.read_bytes()
    return Wheel(
        project=project,
        version="1.0.0",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        members={name: place for name, (place, _) in members.items()},
    )


def pip_from(folder: Path) -> tuple[str, ...]:
    """pip arguments that take wheels from `folder` and from nowhere else."""
    return ("--no-index", "--find-links", str(folder))
