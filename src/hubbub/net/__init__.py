"""Doors to the network: listeners that move bytes between sockets and sessions."""
