"""`python -m training [NAME ...]`: trains the named small models, or all of them."""

import sys
from importlib import import_module
from pathlib import Path

_FIRST = ("pld_vhd", "speech_tags")
"""What other models are trained with."""


def main() -> None:
    """Train each model whose folder holds a `train.py`."""
    here = Path(__file__).parent
    known = sorted(path.parent.name for path in here.glob("*/train.py"))
    wanted = sys.argv[1:] or sorted(known, key=lambda name: name not in _FIRST)
    for name in wanted:
        if name not in known:
            raise SystemExit(f"there is no {name!r} to train; known are {', '.join(known)}")
        import_module(f"training.{name}.train").train()


if __name__ == "__main__":
    main()
