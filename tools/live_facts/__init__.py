"""What a host says that changes a product's record from then on: price, stock, promises.

Precision before recall: a fact that was never said misleads every answer after it, one that was
missed only leaves the record as it was. So a clause counts that states something for now; what was,
would be, is asked, denied or told of others does not. The words are data: `cues.yaml`.
"""

from tools.live_facts.cues import is_firm, is_hearsay
from tools.live_facts.finding import SIZE_PRICE, find_live_facts
from tools.live_facts.stock import in_digits, is_back, is_gone

__all__ = [
    "SIZE_PRICE",
    "find_live_facts",
    "in_digits",
    "is_back",
    "is_firm",
    "is_gone",
    "is_hearsay",
]
