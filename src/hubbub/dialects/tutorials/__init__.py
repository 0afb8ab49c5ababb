"""The doors for programs that their readers wrote after a tutorial: one module to each wire."""
