"""Does a passage answer a question: the data and training of `answering.npz`."""
