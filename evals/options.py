"""What a run of the benchmarks was asked for."""

from dataclasses import dataclass, field
from pathlib import Path

from domain.settings import Settings
from evals.gold import Split


@dataclass(frozen=True)
class Options:
    """The settings, and what narrows the run.

    `only` names folders of material, `split` the half of them; `examples` takes the example
    folders in place of the frozen ones. `home` is kept between runs, so that what was read and
    asked once is not read and asked again.
    """

    settings: Settings = field(default_factory=Settings)
    only: tuple[str, ...] = ()
    split: Split | None = None
    examples: bool = False
    home: Path | None = None
