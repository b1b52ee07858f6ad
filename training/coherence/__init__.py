"""Whether a host's sentence follows another."""
