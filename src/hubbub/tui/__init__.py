"""The face of a chat in a terminal: rooms, people, and one transcript, drawn from `hubbub.client.model`."""
