"""Which field of a record a clause of product material belongs to."""
