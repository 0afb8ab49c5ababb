"""Backups of a data directory: taken while the server runs, looked through, and put back."""
