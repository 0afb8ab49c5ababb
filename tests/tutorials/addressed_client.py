"""A client of the addressed chat: in one loop it waits for a message, prints it, and waits for something to be typed.

So a message shows only after its reader has typed; an empty line sends nothing and lets the next one in.
"""

import socket
import sys

client_socket = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print(client_socket.recv(1024).decode(), flush=True)
client_socket.send(sys.stdin.readline().rstrip("\n").encode())
while True:
    received = client_socket.recv(1024)
    if not received:
        break
    print(received.decode(errors="replace"), flush=True)
    typed = sys.stdin.readline().rstrip("\n")
    if typed == "exit":
        break
    client_socket.send(typed.encode())
client_socket.close()
