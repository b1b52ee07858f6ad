"""Where a product's turn begins in a broadcast."""
