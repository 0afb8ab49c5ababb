"""The chat itself, and what is asked or shown over it."""
