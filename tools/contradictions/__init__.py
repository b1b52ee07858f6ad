"""Where a host says otherwise than the product's record, or than was said before in the stream.

`SpeechCheck` reads utterances in order. Each reader (`prices`, `measures`, `variants`, `terms`,
`kinds`) tells what an utterance states of one thing, and what the record has of it.
"""

from tools.contradictions.checking import Contradiction, Hearing, SpeechCheck

__all__ = ["Contradiction", "Hearing", "SpeechCheck"]
