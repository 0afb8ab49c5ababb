"""What a person may set, and the file where it is kept."""
