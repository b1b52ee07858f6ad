"""Viewers' comments on live frames: read once, then clicked, tracked and counted."""
