"""Two ends that keep a log each, and tell one another what was said at them. docs/direct.md describes what they say."""
