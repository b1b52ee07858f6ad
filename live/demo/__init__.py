"""The demo broadcast: a script with its truth, and the film that is made of it on first use."""

from live.demo.composing import compose_demo, make_demo
from live.demo.programme import Programme
from live.demo.script import Script, read_script

__all__ = ["Programme", "Script", "compose_demo", "make_demo", "read_script"]
