"""Which of viewers' questions ask the same."""
