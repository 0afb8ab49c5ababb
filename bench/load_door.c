/* How lines get in and out: TCP, TLS by OpenSSL (where it was there to build with), WebSocket (RFC 6455). */
#define _GNU_SOURCE
#include "load_door.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PER_ADDRESS 10000 /* connections from one 127.0.0.x: an address has about 28,000 ports */
#define RAW (256 << 10)
#define FRAME 4096 /* one line in a frame is 8,191 bytes of tags at most; no server here sends half of that */
#define SLOW (4 << 10)

static enum door_kind kind;

/* --- TCP --- */

static void bind_own_address(int fd, int index)
{
	struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + index / PER_ADDRESS)};
	int on = 1;
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&own, sizeof own))
		die("bind to 127.0.0.%d: %s", 1 + index / PER_ADDRESS, strerror(errno));
}

static int dial(int port, int index, int slow)
{
	struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct linger reset = {1, 0}; /* no TIME_WAIT: the next server's run finds all ports free */
	int on = 1, little = SLOW, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		die("socket %d: %s; raise the limit of open files (ulimit -n)", index + 1, strerror(errno));
	bind_own_address(fd, index);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	if (slow)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
	if (connect(fd, (struct sockaddr *)&server, sizeof server))
		die("connect to 127.0.0.1:%d: %s", port, strerror(errno));
	return fd;
}

static int plain_send(struct door *door, const char *bytes, size_t length)
{
	return send(door->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)length;
}

/* --- TLS --- */

#if __has_include(<openssl/ssl.h>) && !defined(WITHOUT_TLS)
#include <openssl/ssl.h>

static void tls_open(struct door *door)
{
	static SSL_CTX *context;
	if (!context) {
		context = SSL_CTX_new(TLS_client_method());
		SSL_CTX_set_read_ahead(context, 1); /* one system call for the head and the body of a record */
		SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	}
	door->tls = SSL_new(context);
	SSL_set_fd(door->tls, door->fd);
	if (SSL_connect(door->tls) != 1)
		die("the server ended the TLS handshake");
	fcntl(door->fd, F_SETFL, O_NONBLOCK);
}

static int tls_send(struct door *door, const char *bytes, size_t length)
{
	return SSL_write(door->tls, bytes, length) == (int)length;
}

static ssize_t tls_take(struct door *door, char *into, size_t room)
{
	size_t taken = 0;
	int got = 1;
	while (taken < room && (got = SSL_read(door->tls, into + taken, room - taken)) > 0)
		taken += got;
	if (taken)
		return taken;
	errno = EAGAIN;
	return SSL_get_error(door->tls, got) == SSL_ERROR_WANT_READ ? -1 : 0;
}

static int tls_has_more(const struct door *door) { return SSL_has_pending(door->tls); }
#else
static void tls_open(struct door *door)
{
	(void)door;
	die("TLS cannot be measured: the load generator was built without OpenSSL (on Debian: apt-get install libssl-dev)");
}

static int tls_send(struct door *d, const char *b, size_t l) { return (void)d, (void)b, (void)l, 0; }
static ssize_t tls_take(struct door *d, char *i, size_t r) { return (void)d, (void)i, (void)r, 0; }
static int tls_has_more(const struct door *d) { return (void)d, 0; }
#endif

/* --- WebSocket: https://www.rfc-editor.org/rfc/rfc6455 and https://ircv3.net/specs/extensions/websocket --- */

static void websocket_open(struct door *door, int port)
{
	char text[4096];
	size_t length = sprintf(text,
		"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nUpgrade: websocket\r\n"
		"Connection: Upgrade\r\nSec-WebSocket-Key: aHViYnViLWJlbmNoLWtleQ==\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Protocol: text.ircv3.net\r\n\r\n",
		port, port);
	plain_send(door, text, length);
	/* Byte by byte: a frame may stand right behind the answer. */
	for (length = 0; length < 4 || memcmp(text + length - 4, "\r\n\r\n", 4); length++)
		if (length == sizeof text - 1 || recv(door->fd, text + length, 1, 0) != 1)
			die("the server did not end its answer to the WebSocket handshake");
	text[length] = 0;
	if (!strstr(strtok(text, "\r"), " 101"))
		die("expected the WebSocket handshake to be answered with 101, got: %s", text);
	door->part = malloc(FRAME);
}

/* One line in a masked frame; how long that is. */
static size_t frame(char *out, const char *line, size_t length, int opcode)
{
	static uint32_t key = 0x9e3779b9;
	size_t at = 0;
	out[at++] = 0x80 | opcode;
	if (length < 126) {
		out[at++] = 0x80 | length;
	} else {
		out[at++] = 0x80 | 126;
		out[at++] = length >> 8;
		out[at++] = length;
	}
	key = key * 1664525 + 1013904223;
	memcpy(out + at, &key, 4);
	for (size_t i = 0; i < length; i++)
		out[at + 4 + i] = line[i] ^ out[at + (i & 3)];
	return at + 4 + length;
}

static int websocket_send(struct door *door, const char *lines, size_t length)
{
	static char out[64 << 10];
	size_t at = 0;
	for (const char *end = lines + length, *cut; (cut = memchr(lines, '\r', end - lines)); lines = cut + 2)
		at += frame(out + at, lines, cut - lines, 1);
	return plain_send(door, out, at);
}

/* Puts what a frame holds at `into`, as lines; how much that is. */
static size_t unframe(struct door *door, int opcode, const char *payload, size_t length, char *into)
{
	char out[256];
	if (opcode == 9 && length < 126)
		plain_send(door, out, frame(out, payload, length, 10));
	if (opcode != 1 && opcode != 2)
		return 0;
	memcpy(into, payload, length);
	if (length && into[length - 1] != '\n') /* there are servers that leave the line's end in */
		into[length++] = '\n';
	return length;
}

static ssize_t websocket_take(struct door *door, char *into, size_t room)
{
	static char raw[FRAME + RAW];
	size_t taken = 0;
	memcpy(raw, door->part, door->kept);
	ssize_t got = recv(door->fd, raw + door->kept, room - FRAME, MSG_DONTWAIT);
	if (got <= 0)
		return got;
	char *at = raw, *end = raw + door->kept + got;
	while (end - at >= 2) {
		size_t head = (at[1] & 127) == 126 ? 4 : 2, length = (unsigned char)at[1];
		if (length > 126)
			die("expected frames below 64 KiB without a mask");
		if ((size_t)(end - at) < head)
			break;
		if (head == 4)
			length = (unsigned char)at[2] << 8 | (unsigned char)at[3];
		if ((size_t)(end - at) < head + length)
			break;
		taken += unframe(door, at[0] & 15, at + head, length, into + taken);
		at += head + length;
	}
	if (end - at > FRAME)
		die("got a line of more than %d bytes", FRAME);
	memcpy(door->part, at, door->kept = end - at);
	errno = EAGAIN;
	return taken ? (ssize_t)taken : -1;
}

/* --- any of them --- */

void door_open(struct door *door, enum door_kind asked, int port, int index, int slow)
{
	kind = asked;
	door->fd = dial(port, index, slow);
	if (kind == TLS)
		tls_open(door);
	if (kind == WEBSOCKET)
		websocket_open(door, port);
}

int door_send(struct door *door, const char *lines, size_t length)
{
	return (kind == TLS ? tls_send : kind == WEBSOCKET ? websocket_send : plain_send)(door, lines, length);
}

ssize_t door_take(struct door *door, char *into, size_t room)
{
	if (kind == TLS)
		return tls_take(door, into, room);
	if (kind == WEBSOCKET)
		return websocket_take(door, into, room);
	return recv(door->fd, into, room, MSG_DONTWAIT);
}

int door_has_more(const struct door *door) { return kind == TLS && tls_has_more(door); }
