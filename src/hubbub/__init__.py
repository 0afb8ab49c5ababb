"""One room, every door: a chat server and its clients, speaking IRC and more."""

__version__ = "0.1.0"
