"""`tethered.py PARENT COMMAND…` becomes the command, which (on Linux) ends with its parent.

Elsewhere the command ends when it next writes to the pipe that nobody reads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ties this process to the one that started it, and replaces itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(sys.argv[1]):
            sys.exit(1)
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 (an argument list of our own, no shell)


if __name__ == "__main__":
    main()
