"""Clips cut from a recording and rendered."""

from tools.cutting.rendering import render
from tools.film.assets import Assets, PersonFinder, Rendered

__all__ = ["Assets", "PersonFinder", "Rendered", "render"]
