"""Speed benchmarks: ratios between two runs on the same machine, so that they mean something."""
