"""One script that is server and client: a main listener, a thread and a port for each peer, a connection each way.

single_script.py HOST [PEER_HOST PEER_PORT]: listens on HOST, and calls the peer if one is given.
"""

import socket
import sys
import threading
import time

HOST = sys.argv[1]
username = sys.stdin.readline().strip()
outgoing: list[socket.socket] = []


def log(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def listen() -> tuple[socket.socket, int]:
    server = socket.socket()
    server.bind((HOST, 0))
    server.listen(1)
    return server, server.getsockname()[1]


def connect(port: int, host: str) -> None:
    client = socket.socket()
    client.bind((HOST, 0))
    client.connect((host, port))
    outgoing.append(client)
    client.send(f"{username}: connected".encode())


def receive(connection: socket.socket) -> None:
    while True:
        message = connection.recv(1024)
        if not message:
            break
        log(message.decode())
    log("peer has left")


def server_thread(server: socket.socket) -> None:
    """The port that was opened for one peer: it names one of its own, and we connect to that."""
    connection, address = server.accept()
    connect(int(connection.recv(1024)), address[0])
    receive(connection)


def main_server(server: socket.socket) -> None:
    while True:
        connection, _ = server.accept()
        dedicated, port = listen()
        threading.Thread(target=server_thread, args=(dedicated,), daemon=True).start()
        connection.send(str(port).encode())
        connection.close()


def call(host: str, port: int) -> None:
    """As the peer of somebody's main server."""
    main = socket.socket()
    main.bind((HOST, 0))
    main.connect((host, port))
    dedicated = int(main.recv(1024))
    main.close()
    own, own_port = listen()
    client = socket.socket()
    client.bind((HOST, 0))
    client.connect((host, dedicated))
    client.send(str(own_port).encode())
    connection, _ = own.accept()
    outgoing.append(client)
    client.send(f"{username}: connected".encode())
    receive(connection)


main, main_port = listen()
threading.Thread(target=main_server, args=(main,), daemon=True).start()
log(f"listening on port {main_port}")
if len(sys.argv) > 2:
    threading.Thread(target=call, args=(sys.argv[2], int(sys.argv[3])), daemon=True).start()
for line in sys.stdin:
    for peer in outgoing:
        peer.send(f"{username}: {line.rstrip()}".encode())
