"""The IRC dialect: sessions, commands, replies and renderers of IRC and IRCv3."""
