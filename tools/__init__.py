"""Capabilities: each one plain, typed Python API that every surface calls."""
