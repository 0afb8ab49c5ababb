"""Dialects turn what a peer says into hub calls, and entries into what the peer hears."""
