"""What ends one trial with a sentence, while the others go on."""


class Broken(Exception):
    """A trial, or a tool it needs, failed; the text says what was expected, what came, and what to do."""
