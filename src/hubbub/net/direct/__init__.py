"""Two machines that find, greet and trust each other without a server. docs/direct.md describes what they say."""
