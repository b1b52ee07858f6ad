"""Quality benchmarks: committed rows, a module for each job, one table.

`python -m evals` prints the rows of the README's table; `--out` keeps the figures and every row
that came out wrong.
"""
