/* A door of a server, from outside: plain TCP, TLS, or WebSocket. Lines go in, lines come out. */
#include <stddef.h>
#include <sys/types.h>

enum door_kind { PLAIN, TLS, WEBSOCKET };

struct door {
	int fd;
	void *tls;
	char *part; /* of a WebSocket frame that has not ended yet */
	size_t kept;
};

/* Connects to 127.0.0.1 and ends the handshakes; `index` tells this connection from others, and a `slow` one has a
 * small receive buffer. Ends the program with a sentence when that fails. */
void door_open(struct door *door, enum door_kind kind, int port, int index, int slow);

/* Whether all of these whole lines could be sent at once. */
int door_send(struct door *door, const char *lines, size_t length);

/* Bytes of lines put at `into` without waiting; 0 when the server has closed, -1 with errno EAGAIN for nothing yet. */
ssize_t door_take(struct door *door, char *into, size_t room);

/* Whether more may be taken though the socket has nothing to read. */
int door_has_more(const struct door *door);

void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
