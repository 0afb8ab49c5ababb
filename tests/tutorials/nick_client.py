"""A client of NICK chat: a thread that receives, one that writes, ASCII, and no end of a message anywhere."""

import socket
import sys
import threading

nickname = sys.stdin.readline().strip()
client = socket.create_connection((sys.argv[1], int(sys.argv[2])))


def receive() -> None:
    while True:
        try:
            message = client.recv(1024).decode("ascii")
            if message == "NICK":
                client.send(nickname.encode("ascii"))
            elif not message:
                break
            else:
                print(message, flush=True)
        except (OSError, UnicodeDecodeError):
            print("An error occurred!", flush=True)
            client.close()
            break


def write() -> None:
    for line in sys.stdin:
        text = line.rstrip("\n")
        client.send(f"{nickname}: {text}".encode("ascii"))


threading.Thread(target=receive).start()
threading.Thread(target=write, daemon=True).start()
