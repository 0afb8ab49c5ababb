"""A client of the GET_NAME room: a class with two threads, ASCII, and its name before all that it sends."""

import socket
import sys
import threading


class Client:
    def __init__(self, name: str) -> None:
        self.name = name
        self.client = socket.create_connection((sys.argv[1], int(sys.argv[2])))

    def receive(self) -> None:
        while True:
            try:
                message = self.client.recv(1024).decode("ascii")
            except (OSError, UnicodeDecodeError):
                print("An error occurred!", flush=True)
                self.client.close()
                break
            if message == "GET_NAME":
                self.client.send(self.name.encode("ascii"))
            elif not message:
                break
            else:
                print(message, flush=True)

    def write(self) -> None:
        for line in sys.stdin:
            text = line.rstrip("\n")
            self.client.send(f"{self.name}: {text}".encode("ascii"))

    def connect_to_server(self) -> None:
        threading.Thread(target=self.receive).start()
        threading.Thread(target=self.write, daemon=True).start()


Client(sys.stdin.readline().strip()).connect_to_server()
