"""Types and pure rules that every floor shares; this package imports nothing of ours."""
