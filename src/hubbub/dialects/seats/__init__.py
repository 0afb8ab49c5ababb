"""Seats: what all doors share whose people type words and no protocol."""
