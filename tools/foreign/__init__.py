"""What runs in the process that opens a foreign file (`tools.isolation`).

These modules import the standard library, `domain.errors` and, inside functions, the one package
that knows the format, so that the process starts in a tenth of a second.
"""
