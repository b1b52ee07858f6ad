"""Choosing which pictures of a video are taken."""

MAX_GOP_GAPS = 3


class FrameSampler:
    """Takes the first picture at or after each multiple of an interval that may change."""

    def __init__(self, interval_ms: int, start_ms: int = 0) -> None:
        self._interval = interval_ms
        self._last = start_ms - 1
        self._taken: int | None = None
        self._keys: list[int] = []

    @property
    def interval_ms(self) -> int:
        """The time between two pictures that are taken."""
        return self._interval

    @interval_ms.setter
    def interval_ms(self, interval_ms: int) -> None:
        self._interval = interval_ms

    def wants(self, at_ms: int) -> bool:
        """Whether the picture at `at_ms` is taken; one that goes back in time never is."""
        if at_ms <= self._last:
            return False
        self._last = at_ms
        interval = self._interval
        if self._taken is not None and at_ms // interval <= self._taken // interval:
            return False
        self._taken = at_ms
        return True

    def saw_key(self, at_ms: int) -> None:
        """Notes where a key frame is."""
        self._keys = [*self._keys[-MAX_GOP_GAPS:], at_ms]

    @property
    def keys_suffice(self) -> bool:
        """Whether key frames come at least as often as pictures are taken."""
        gaps = [b - a for a, b in zip(self._keys, self._keys[1:], strict=False)]
        return len(gaps) == MAX_GOP_GAPS and 0 < max(gaps) <= self._interval
