"""Quality benchmarks on committed data."""
