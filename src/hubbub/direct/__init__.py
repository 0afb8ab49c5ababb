"""An end of direct conversations: a small house in this process, its neighbours, and the words for what happens."""
