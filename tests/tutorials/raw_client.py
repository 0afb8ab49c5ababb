"""A client of the raw broadcast: no name, no handshake; what comes is printed, what is typed is sent."""

import socket
import sys
import threading


class Client:
    def __init__(self) -> None:
        self.client_socket = socket.create_connection((sys.argv[1], int(sys.argv[2])))

    def receive_messages(self) -> None:
        while True:
            try:
                message = self.client_socket.recv(1024).decode()
            except (OSError, UnicodeDecodeError) as error:
                print(error, flush=True)
                self.client_socket.close()
                break
            if not message:
                break
            print(message, flush=True)

    def send_message(self) -> None:
        for line in sys.stdin:
            text = line.rstrip("\n")
            self.client_socket.send(text.encode())


client = Client()
threading.Thread(target=client.receive_messages).start()
threading.Thread(target=client.send_message, daemon=True).start()
