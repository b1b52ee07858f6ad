"""Which moments of a recording are worth showing."""

from tools.highlights.moments import score_moments

__all__ = ["score_moments"]
