"""WebSocket frames, as a client reads them."""

from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.protocol import State
from websockets.uri import parse_uri


def frames(data: bytes) -> list[Frame]:
    """All of them, and nothing but whole ones."""
    protocol = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN)
    protocol.receive_data(data)
    found = [event for event in protocol.events_received() if isinstance(event, Frame)]
    assert protocol.parser_exc is None, "a frame that no client understands"
    assert not protocol.reader.buffer, "half a frame"
    return found
