"""A made-up log of units that were shown variants by their context, with a known truth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.experiment_report import TargetPolicy
from tools.experiments import UnitLog

DEVICES = ("phone", "desktop")


@dataclass(frozen=True)
class LoggedWorld:
    """Rates of conversion and chances of being shown, by device (rows) and variant (columns).

    Those who are on a phone convert less and were mostly shown the variant that is bad for them, so
    that plain means mislead.
    """

    phones: float = 0.6
    rates: tuple[tuple[float, float], ...] = ((0.05, 0.10), (0.20, 0.15))
    chances: tuple[tuple[float, float], ...] = ((0.9, 0.1), (0.2, 0.8))
    units: int = 4_000

    def value_of(self, target: TargetPolicy) -> float:
        """The true mean outcome under a policy that chooses by device."""
        mix = (self.phones, 1 - self.phones)
        return sum(
            part * self.rates[place][self._chosen(target, device)]
            for place, (device, part) in enumerate(zip(DEVICES, mix, strict=True))
        )

    def naive_value(self, target: TargetPolicy) -> float:
        """What the mean outcome of those who were shown what `target` chooses would suggest."""
        mix = (self.phones, 1 - self.phones)
        shown = [
            part * self.chances[place][self._chosen(target, device)]
            for place, (device, part) in enumerate(zip(DEVICES, mix, strict=True))
        ]
        gained = [
            weight * self.rates[place][self._chosen(target, device)]
            for place, (device, weight) in enumerate(zip(DEVICES, shown, strict=True))
        ]
        return sum(gained) / sum(shown)

    @staticmethod
    def _chosen(target: TargetPolicy, device: str) -> int:
        return int((target.choices.get(device) or target.otherwise or "v0")[1:])


def draw_log(world: LoggedWorld, dice: np.random.Generator) -> UnitLog:
    """Units as they might have been logged."""
    place = (dice.random(world.units) >= world.phones).astype(np.int64)
    chances = np.array(world.chances)[place]
    arm: NDArray[np.int64] = (dice.random(world.units) >= chances[:, 0]).astype(np.int64)
    rate = np.array(world.rates)[place, arm]
    value = (dice.random(world.units) < rate).astype(np.float64)
    rows = np.arange(world.units)
    return UnitLog(
        names=("v0", "v1"),
        arm=arm,
        propensity=chances[rows, arm],
        value=value,
        counted=np.ones(world.units, dtype=np.bool_),
        late=np.zeros(world.units, dtype=np.bool_),
        contexts=[{"device": DEVICES[n]} for n in place.tolist()],
    )
