"""What was said, as files: hubbub's own lines of JSON, and what other programs have written."""
