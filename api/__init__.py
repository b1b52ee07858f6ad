"""The HTTP surface, a module per protocol."""
