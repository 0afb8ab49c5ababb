"""What somebody is told in HTTP who is not let in."""


def unavailable(reason: str) -> bytes:
    body = f"{reason}\n".encode()
    head = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
