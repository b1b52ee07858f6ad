"""Clips cut from a recording and rendered."""

from tools.cutting.assets import Assets, PersonFinder, Rendered
from tools.cutting.rendering import render

__all__ = ["Assets", "PersonFinder", "Rendered", "render"]
