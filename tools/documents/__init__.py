"""Reading product material of every kind into passages with their place."""

from tools.documents.reader import DocumentReader
from tools.documents.reading import ReadContext

__all__ = ["DocumentReader", "ReadContext"]
