"""Clips cut from a recording: timelines rendered to files, and cuts that hurt no word."""

from tools.cutting.rendering import render
from tools.cutting.snapping import snap_timeline
from tools.cutting.word_safe import allowed_gap, snap_cuts
from tools.film.assets import Assets, PersonFinder, Rendered

__all__ = [
    "Assets",
    "PersonFinder",
    "Rendered",
    "allowed_gap",
    "render",
    "snap_cuts",
    "snap_timeline",
]
