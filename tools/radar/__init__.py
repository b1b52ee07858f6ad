"""The question radar: what viewers ask, gathered across wording and language, and ranked."""
