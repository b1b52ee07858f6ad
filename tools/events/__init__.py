"""Events of a running stream: where they begin, what they hold, how they are told."""
