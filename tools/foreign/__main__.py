"""`python -m tools.foreign`: carries out one order."""

from tools.foreign.process import serve

serve()
