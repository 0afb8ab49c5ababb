"""Bytes to lines and back: parsing, framing, case mapping, masks and numerics of the IRC wire."""
