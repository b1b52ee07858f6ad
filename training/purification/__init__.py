"""Which sentences mean what may not be said, without a listed word."""
