"""Storylines: templates by industry, filled from a recording by exact search."""

from tools.storylines.arranging import (
    Arranged,
    Arranger,
    ScorePairs,
    are_different,
    missing_wanted,
)
from tools.storylines.searching import Found, Goal, rate, search
from tools.storylines.stretches import Material, Stretch
from tools.storylines.templates import industry_of, load_templates, templates_for
from tools.storylines.timelines import join_runs, words_of, write_timeline

__all__ = [
    "Arranged",
    "Arranger",
    "Found",
    "Goal",
    "Material",
    "ScorePairs",
    "Stretch",
    "are_different",
    "industry_of",
    "join_runs",
    "load_templates",
    "missing_wanted",
    "rate",
    "search",
    "templates_for",
    "words_of",
    "write_timeline",
]
