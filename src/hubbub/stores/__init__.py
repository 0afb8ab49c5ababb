"""Stores make events durable and give them their place in a log."""
