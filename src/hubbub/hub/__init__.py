"""Nouns and rules of the conversation: synchronous, without IO, clock or logging."""
