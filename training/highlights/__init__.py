"""Rendered shows with planted highlights, and the weights that rank moments."""
