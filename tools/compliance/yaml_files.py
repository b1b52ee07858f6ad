"""Reading YAML data files, with libyaml where it is built in."""

from pathlib import Path

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(file: Path) -> object:
    """What `file` holds.

    Raises:
        yaml.YAMLError: the file is not YAML.
    """
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
