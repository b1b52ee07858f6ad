"""How a viewer's question is read, and how code finds what in the record answers it."""
