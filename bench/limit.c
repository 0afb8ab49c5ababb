/* The limit: what the kernel alone costs. A server that does nothing but send() to the same sockets.
 *
 * It answers just enough for load.c to come in and talk, in two ways:
 *   each   one send() per receiver and message
 *   turn   one send() per receiver and turn of the loop, of all that the turn brought (sendmsg() where the receiver's
 *          own lines have to be left out)
 * No limits, no checks, no memory of anything: no chat server can be cheaper on these sockets.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

#define ROOMS 4096
#define SEATS 16384
#define LINE 1024
#define READ (64 << 10)
#define TURN (4 << 20)  /* bytes that one turn may bring to one room */
#define PIECES 1000     /* lines that one turn may bring to one room: below IOV_MAX */

struct guest {
	int fd, room, kept;
	long spoke; /* the turn in which it last spoke */
	char nick[32], part[LINE];
};

struct piece { struct guest *who; size_t start, length; };

struct room {
	int seats, pieces;
	size_t length;
	struct guest *seat[SEATS];
	struct piece piece[PIECES];
	char *bytes;
};

static struct room *room[ROOMS];
static int busy[ROOMS], busy_count; /* rooms that heard something in this turn */
static int epoll, by_turn;
static long turn = 1;
static char buffer[LINE + READ];

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

/* Sockets block: the load's window is smaller than any socket's buffer, so a send that waits is the exception. */
static void push(struct guest *g, const char *bytes, size_t length)
{
	if (send(g->fd, bytes, length, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET)
		die("send");
}

/* Everything of the turn but the guest's own lines. */
static void push_others(struct guest *g, struct room *r)
{
	struct iovec part[PIECES];
	struct msghdr message = {.msg_iov = part};
	for (struct piece *p = r->piece; p < r->piece + r->pieces; p++)
		if (p->who != g)
			part[message.msg_iovlen++] = (struct iovec){r->bytes + p->start, p->length};
	if (message.msg_iovlen && sendmsg(g->fd, &message, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET)
		die("sendmsg");
}

static void flush(struct room *r)
{
	for (int i = 0; i < r->seats; i++)
		if (r->seat[i]->spoke == turn)
			push_others(r->seat[i], r);
		else
			push(r->seat[i], r->bytes, r->length);
	r->length = r->pieces = 0;
}

static void flush_busy(void)
{
	while (busy_count)
		flush(room[busy[--busy_count]]);
	turn++;
}

static void say(struct guest *g, const char *rest)
{
	struct room *r = room[g->room];
	if (r->pieces == PIECES || r->length + 2 * LINE > TURN)
		flush(r); /* stays listed as busy, with nothing or more to flush */
	else if (!r->pieces)
		busy[busy_count++] = g->room;
	size_t length = sprintf(r->bytes + r->length, ":%s!u@127.0.0.1 %s\r\n", g->nick, rest);
	r->piece[r->pieces++] = (struct piece){g, r->length, length};
	r->length += length;
	g->spoke = turn;
	if (!by_turn)
		flush_busy();
}

static void join(struct guest *g, const char *name)
{
	char out[LINE];
	g->room = atoi(name + 2) % ROOMS;
	if (!room[g->room]) {
		room[g->room] = calloc(1, sizeof **room);
		room[g->room]->bytes = malloc(TURN);
	}
	if (room[g->room]->seats == SEATS)
		die("a room is full");
	room[g->room]->seat[room[g->room]->seats++] = g;
	push(g, out, sprintf(out, ":limit 366 %s %s :end\r\n", g->nick, name));
}

static void obey(struct guest *g, char *line)
{
	char out[LINE];
	if (!strncmp(line, "PRIVMSG ", 8))
		say(g, line);
	else if (!strncmp(line, "NICK ", 5))
		snprintf(g->nick, sizeof g->nick, "%s", line + 5);
	else if (!strncmp(line, "USER ", 5))
		push(g, out, sprintf(out, ":limit 001 %s :hello\r\n:limit 376 %s :end\r\n", g->nick, g->nick));
	else if (!strncmp(line, "JOIN ", 5))
		join(g, line + 5);
	else if (!strncmp(line, "PING ", 5))
		push(g, out, snprintf(out, sizeof out, ":limit PONG limit %s\r\n", line + 5));
}

static void hear(struct guest *g)
{
	memcpy(buffer, g->part, g->kept);
	ssize_t got = recv(g->fd, buffer + g->kept, READ, MSG_DONTWAIT);
	if (got <= 0) {
		close(g->fd);
		return;
	}
	char *line = buffer, *end = buffer + g->kept + got, *cut;
	for (; (cut = memchr(line, '\n', end - line)); line = cut + 1) {
		cut[cut > line && cut[-1] == '\r' ? -1 : 0] = 0;
		obey(g, line);
	}
	g->kept = end - line < LINE ? end - line : 0;
	memcpy(g->part, line, g->kept);
}

static void let_in(int door)
{
	struct guest *g = calloc(1, sizeof *g);
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = g};
	int on = 1;
	g->fd = accept(door, NULL, NULL);
	if (g->fd < 0)
		die("accept");
	setsockopt(g->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	epoll_ctl(epoll, EPOLL_CTL_ADD, g->fd, &event);
}

static int open_door(int port)
{
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct epoll_event event = {.events = EPOLLIN};
	int on = 1, door = socket(AF_INET, SOCK_STREAM, 0);
	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(door, (struct sockaddr *)&here, sizeof here) || listen(door, 128))
		die("listen");
	epoll_ctl(epoll, EPOLL_CTL_ADD, door, &event);
	return door;
}

int main(int count, char **word)
{
	struct epoll_event event[512];
	if (count != 3) {
		fprintf(stderr, "expected: limit each|turn PORT\n");
		return 2;
	}
	by_turn = !strcmp(word[1], "turn");
	epoll = epoll_create1(0);
	int door = open_door(atoi(word[2]));
	for (;;) {
		int ready = epoll_wait(epoll, event, 512, -1);
		for (int i = 0; i < ready; i++)
			event[i].data.ptr ? hear(event[i].data.ptr) : let_in(door);
		flush_busy();
	}
}
