"""The client library that the commands, the terminal UI and bots share."""
