"""What any face of a chat needs, without a screen: networks, buffers, and the entries in them."""
