"""Which of viewers' comments want an answer."""
