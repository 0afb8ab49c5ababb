"""One widget to a file, its looks and its messages beside it."""
