"""Settings that every test shares."""

from hypothesis import settings

# A busy machine is slow, not wrong: time is bounded per test (pytest-timeout), not per example.
settings.register_profile("hubbub", deadline=None, print_blob=True)
settings.load_profile("hubbub")
