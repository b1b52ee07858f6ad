"""Promises on air: found in what a host says, and what becomes of them.

`find_promises` reads an utterance; `Ledger` holds what was promised against what is said later, and
against time.
"""

from tools.promises.finding import Promised, find_promises
from tools.promises.ledger import Ledger, current_promises

__all__ = ["Ledger", "Promised", "current_promises", "find_promises"]
