/* The load: people on loopback who register, join, talk, and check every delivery they get.
 *
 * One thread, one epoll set, and phases: register, join, then either catch up with history, or warm up and measure.
 * Between two phases it prints the name of the phase that is over and waits for a line, so that whoever started it can
 * read the server's clocks while nothing is under way. The last line it prints is one JSON object.
 *
 * A delivery is verified where it arrives: each receiver must hear each talker of its room, in order, without a gap
 * and without a double. Anything else ends the run with a sentence and status 1.
 */
#define _GNU_SOURCE
#include "load_door.h"
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TEXT 80          /* bytes of text in a message: a line of talk */
#define HEAD 32          /* of these, what the receiver checks: mark, talker, number, time stamp */
#define MARK "=hb="      /* no server says this on its own */
#define LINE 1024        /* 512 of RFC 1459 and room for a server's tags */
#define READ (256 << 10) /* one read empties what a socket holds by default */
#define AT_ONCE 8        /* newcomers under way: below the backlog of 10 that ngIRCd listens with */
#define IDLE_ROOM 100    /* idlers sit in rooms of so many */
#define PASSWORD "bench-lets-me-in" /* of everybody who has an account */
#define SILENCE (SECOND / 20)
#define WINDOW_MOST 64
#define SECOND 1000000000LL

enum step { OUTSIDE, REGISTERING, JOINING, SETTLING, CATCHING_UP, INSIDE };

struct person {
	struct door door;
	int room, seat;
	enum step step;
	int caught; /* messages of the past it was told */
	int kept; /* bytes of a line that has not ended yet */
	char part[LINE];
};

/* A talker has `window` slots; slot n % window counts the receivers that have not heard message n yet. */
struct talker {
	uint32_t said;
	int hungry; /* waits in `hungry` to be served at the end of the turn */
	uint32_t owed[WINDOW_MOST];
};

/* Latencies in buckets 1.6% wide: 64 per power of two of nanoseconds. */
struct histogram {
	uint64_t bucket[64 * 64];
	uint64_t count;
	int64_t most;
};

static struct {
	double port, people, rooms, talkers, window, rate, seconds, warmup, stall, patience, most, caps, door, idlers,
		stalled, at_once, history;
} ask = {.rooms = 1, .at_once = AT_ONCE, .window = 1, .seconds = 5, .warmup = 1, .stall = 10, .patience = 300, .most = 1e8};

/* size: seats in a room; talkers: of these, how many talk; hearers: how many hear one message; everybody sits behind
 * `people`: those who idle. */
static int people, size, talkers, hearers, everyone, window;
static struct person *person;
static struct talker *talker;
static uint32_t *due;  /* due[receiver * talkers + seat]: the next number this receiver must hear */
static int *hungry, hungry_count;
static int epoll, arrived;
static uint64_t heard, owed, bytes;
static int64_t begun, now, last_arrival;
static int talking; /* whether a finished message is followed by the next */
static struct histogram latency;
static char buffer[LINE + READ], last_line[120] = "nothing";

void die(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	vfprintf(stderr, format, list);
	fputc('\n', stderr);
	exit(1);
}

static int64_t clock_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

/* --- latencies --- */

static void note_latency(int64_t ns)
{
	int top = 63 - __builtin_clzll((uint64_t)(ns | 64)); /* below 64 ns everything is one power */
	latency.bucket[top * 64 + ((ns >> (top - 6)) & 63)]++;
	latency.count++;
	if (ns > latency.most)
		latency.most = ns;
}

static double percentile_ms(double share)
{
	uint64_t rank = (uint64_t)ceil(share * latency.count), seen = 0;
	if (!latency.count)
		return 0;
	for (int i = 0; i < 64 * 64; i++)
		if ((seen += latency.bucket[i]) >= rank)
			return ldexp(64 + (i & 63), i / 64 - 6) / 1e6;
	return latency.most / 1e6;
}

/* --- saying something --- */

static void tell(struct person *p, const char *line, size_t length)
{
	/* What a person has under way is small beside a socket's buffer: a server that lets it fill does not read. */
	if (!door_send(&p->door, line, length))
		die("u%06d could not send %zu bytes (%s); the last line heard was: %s", (int)(p - person), length,
			strerror(errno), last_line);
}

static void hex(char *out, uint64_t value, int digits)
{
	while (digits--) {
		out[digits] = "0123456789abcdef"[value & 15];
		value >>= 4;
	}
}

static uint64_t unhex(const char *in, int digits)
{
	uint64_t value = 0;
	while (digits--) {
		value = value << 4 | ((*in & 15) + (*in >> 6) * 9);
		in++;
	}
	return value;
}

/* One line of talk: PRIVMSG #r0000 :=hb=<talker 4><number 8><stamp 16> and words up to TEXT bytes. */
static size_t compose(char *out, int who, uint32_t number, int64_t stamp)
{
	static const char words[] = " the quick brown fox jumps over the lazy dog, again";
	size_t at = sprintf(out, "PRIVMSG #r%04d :" MARK, person[who].room);
	hex(out + at, who, 4);
	hex(out + at + 4, number, 8);
	hex(out + at + 12, stamp, 16);
	memcpy(out + at + 28, words, TEXT - HEAD);
	memcpy(out + at + 28 + TEXT - HEAD, "\r\n", 2);
	return at + 28 + TEXT - HEAD + 2;
}

static size_t next_line(char *out, int who, int64_t stamp)
{
	struct talker *t = &talker[who];
	if (window)
		t->owed[t->said % window] = hearers;
	owed += hearers;
	return compose(out, who, t->said++, stamp);
}

/* Fills the talker's window: all free slots leave in one write, as a client's own buffer would do it. */
static void talk(int who)
{
	char out[WINDOW_MOST * 160];
	size_t length = 0;
	int64_t stamp = clock_now();
	for (int free = window; free-- && !talker[who].owed[talker[who].said % window];)
		length += next_line(out + length, who, stamp);
	if (length)
		tell(&person[who], out, length);
}

static void serve_hungry(void)
{
	for (int i = 0; i < hungry_count; i++) {
		talker[hungry[i]].hungry = 0;
		if (talking)
			talk(hungry[i]);
	}
	hungry_count = 0;
}

static void make_hungry(int who)
{
	if (!talker[who].hungry)
		hungry[hungry_count++] = who;
	talker[who].hungry = 1;
}

/* --- hearing something --- */

static void hear_talk(struct person *p, const char *text)
{
	int who = unhex(text + 4, 4);
	uint32_t number = unhex(text + 8, 8);
	if (who >= people || person[who].room != p->room || person[who].seat >= talkers || p == &person[who])
		die("u%06d heard u%06d, who does not talk to it", (int)(p - person), who);
	uint32_t *next = &due[(size_t)(p - person) * talkers + person[who].seat];
	if (number != *next)
		die("u%06d heard message %u of u%06d where %u was due: lost, double or out of order", (int)(p - person), number,
			who, *next);
	++*next;
	heard++;
	note_latency(now - (int64_t)unhex(text + 16, 16));
	if (window && !--talker[who].owed[number % window])
		make_hungry(who);
}

static void step_done(struct person *p)
{
	p->step = INSIDE;
	arrived++;
}

static void answer_ping(struct person *p, const char *rest)
{
	char out[LINE];
	tell(p, out, snprintf(out, sizeof out, "PONG%s\r\n", rest));
}

/* Which word ends which wait; 422 is "no message of the day". */
static const struct { enum step step; const char *word; } ending[] = {
	{REGISTERING, "376 "}, {REGISTERING, "422 "}, {JOINING, "366 "}, {SETTLING, "PONG "}, {CATCHING_UP, "BATCH -"},
};

static void hear_server(struct person *p, char *line)
{
	char *word = *line == '@' ? strchrnul(line, ' ') + 1 : line;
	word = *word == ':' ? strchrnul(word, ' ') + 1 : word;
	snprintf(last_line, sizeof last_line, "%.100s", line);
	if (!strncmp(line, "PING", 4))
		answer_ping(p, line + 4);
	if (!strncmp(line, "ERROR", 5))
		die("the server turned u%06d away: %s", (int)(p - person), line);
	p->caught += p->step == CATCHING_UP && !strncmp(word, "PRIVMSG ", 8);
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		if (ending[i].step == p->step && !strncmp(word, ending[i].word, strlen(ending[i].word)))
			return step_done(p);
}

static void hear_line(struct person *p, char *line, char *end)
{
	if (end > line && end[-1] == '\r')
		end--;
	if (end - line > TEXT && !memcmp(end - TEXT, MARK, 4))
		return hear_talk(p, end - TEXT);
	*end = 0;
	hear_server(p, line);
}

static void keep(struct person *p, const char *rest, size_t length)
{
	if (length > LINE)
		die("u%06d got a line of more than %d bytes", (int)(p - person), LINE);
	memcpy(p->part, rest, length);
	p->kept = length;
}

/* A server that leaves Nagle's algorithm on waits for the acknowledgement of what it sent last, and a system that has
 * nothing to say delays that by 40 ms. With few messages in flight such a server would be measured asleep; where its
 * work is measured, what arrives is acknowledged at once. Where latency is measured, the delay stays: people have it. */
static void acknowledge(int fd)
{
	int on = 1;
	if (window && talkers)
		setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static int hear_some(struct person *p)
{
	memcpy(buffer, p->part, p->kept);
	ssize_t got = door_take(&p->door, buffer + p->kept, READ);
	if (got < 0 && errno == EAGAIN)
		return 0;
	if (got <= 0)
		die("u%06d lost its connection (%s); the last line heard was: %s", (int)(p - person),
			got ? strerror(errno) : "closed by the server", last_line);
	acknowledge(p->door.fd);
	now = last_arrival = clock_now();
	bytes += got;
	char *line = buffer, *end = buffer + p->kept + got, *cut;
	for (; (cut = memchr(line, '\n', end - line)); line = cut + 1)
		hear_line(p, line, cut);
	keep(p, line, end - line);
	return door_has_more(&p->door);
}

static void hear(struct person *p)
{
	while (hear_some(p))
		;
}

/* One turn of the loop: hear everybody who has something, then let the hungry talk. */
static int turn(int64_t until)
{
	struct epoll_event event[512];
	int64_t wait = until - clock_now();
	if (wait < 0)
		wait = 0;
	if (wait > SECOND / 10)
		wait = SECOND / 10;
	struct timespec timeout = {0, wait};
	int count = epoll_pwait2(epoll, event, 512, &timeout, NULL);
	if (count < 0 && errno != EINTR)
		die("epoll_pwait2: %s", strerror(errno));
	for (int i = 0; i < count; i++)
		hear(event[i].data.ptr);
	serve_hungry();
	now = clock_now();
	return count;
}

static void mind_the_clock(const char *what, uint64_t is, uint64_t should)
{
	if (now - begun > ask.patience * SECOND)
		die("gave up after %.0f seconds while %s: %lu of %lu", ask.patience, what, is, should);
	if (now - last_arrival > ask.stall * SECOND)
		die("nothing arrived for %.0f seconds while %s: %lu of %lu; the last line heard was: %s", ask.stall, what, is,
			should, last_line);
}

/* --- the phases --- */

/* What clients of different kinds ask for, as far as it changes what they are sent. A server that knows one of them
 * not refuses the set, and the person goes on without. */
static const char *const kind[] = {
	"multi-prefix",
	"server-time",
	"server-time message-tags",
	"server-time message-tags account-tag",
	"server-time message-tags account-tag extended-join away-notify chghost",
	"message-tags",
	"server-time account-tag",
	"server-time message-tags account-tag batch draft/multiline setname account-notify",
};

/* Who asks for history needs an account to have been there before. */
static void log_in(struct person *p)
{
	char out[LINE];
	if (ask.history)
		tell(p, out, sprintf(out, "PASS u%06d:" PASSWORD "\r\n"
			"CAP REQ :batch server-time message-tags draft/chathistory\r\nCAP END\r\n", (int)(p - person)));
}

static void ask_for_capabilities(struct person *p)
{
	char out[LINE];
	int kinds = sizeof kind / sizeof *kind;
	int most = ask.caps < kinds ? (int)ask.caps : kinds;
	if (most)
		tell(p, out, sprintf(out, "CAP REQ :%s\r\nCAP END\r\n", kind[(p - person) % most]));
}

static int is_stalled(const struct person *p) { return p - person < people && p->seat >= size - (int)ask.stalled; }

static void register_person(struct person *p)
{
	char out[LINE];
	int index = p - person;
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = p};
	door_open(&p->door, (enum door_kind)ask.door, ask.port, index, is_stalled(p));
	epoll_ctl(epoll, EPOLL_CTL_ADD, p->door.fd, &event);
	p->step = REGISTERING;
	log_in(p);
	ask_for_capabilities(p);
	tell(p, out, sprintf(out, "NICK u%06d\r\nUSER u%06d 0 * :one of many\r\n", index, index));
}

static void join_room(struct person *p)
{
	char out[LINE];
	p->step = JOINING;
	tell(p, out, sprintf(out, "JOIN #r%04d\r\n", p->room));
}

/* When the answer is here, so is everything the server sent before it: other people's joins, for one. */
static void settle(struct person *p)
{
	p->step = SETTLING;
	tell(p, "PING :settled\r\n", 15);
}

static void catch_up(struct person *p)
{
	char out[LINE];
	p->step = CATCHING_UP;
	tell(p, out, sprintf(out, "CHATHISTORY LATEST #r%04d * %.0f\r\n", p->room, ask.history));
}

static void check_caught_up(void)
{
	for (int i = 0; i < everyone; i++)
		if (person[i].caught != ask.history)
			die("u%06d asked for %.0f messages of history and got %d", i, ask.history, person[i].caught);
}

/* They stay connected and never read again. */
static void stop_reading(void)
{
	for (int i = 0; i < people; i++)
		if (is_stalled(&person[i]))
			epoll_ctl(epoll, EPOLL_CTL_DEL, person[i].door.fd, NULL);
}

/* Few newcomers are under way, so that no server's queue at the door overflows (a second's wait for who is dropped
 * there), and never more than that begin at once. Twice as many may be under way after each silence: there are servers
 * that let newcomers in once a second. */
static void everybody(const char *what, void (*begin)(struct person *), int at_once)
{
	int started = arrived = 0, under_way = at_once;
	now = last_arrival = clock_now();
	while (arrived < everyone) {
		for (int i = 0; i < at_once && started < everyone && started - arrived < under_way; i++)
			begin(&person[started++]);
		int room = started < everyone && started - arrived < under_way;
		if (!turn(now + (room ? SECOND / 1000 : SILENCE)) && !room && under_way < everyone && begin == register_person)
			under_way *= 2;
		mind_the_clock(what, arrived, everyone);
	}
}

static void barrier(const char *phase)
{
	char line[8];
	printf("%s\n", phase);
	fflush(stdout);
	if (!fgets(line, sizeof line, stdin))
		exit(0);
	now = last_arrival = clock_now();
}

static double chance(void)
{
	static uint64_t state = 88172645463325252ULL; /* xorshift64; the same sequence for every server */
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return ((state >> 11) + 1) / 9007199254740992.0;
}

static int somebody(void)
{
	int pick = (int)(chance() * (people / size) * talkers - 1e-9);
	return pick / talkers * size + pick % talkers;
}

/* Paced: messages fall due at random (Poisson), whatever the server does, and are stamped with the time they were
 * due: a late generator or server cannot hide the wait. */
static void talk_by_the_clock(int64_t end)
{
	char out[160];
	for (int64_t next = now; next < end;) {
		for (; next <= now && next < end; next += -log(chance()) * SECOND / ask.rate) {
			int who = somebody();
			tell(&person[who], out, next_line(out, who, next));
		}
		turn(next < end ? next : end);
		mind_the_clock("messages were being heard", heard, owed);
	}
}

/* Saturated: every talker has `window` messages in flight, and a message is in flight until its last receiver has it. */
static void talk_all_the_time(int64_t end)
{
	talking = 1;
	for (int i = 0; i < people; i++)
		if (person[i].seat < talkers)
			talk(i);
	while (now < end && owed < ask.most) {
		turn(end);
		mind_the_clock("messages were being heard", heard, owed);
	}
	talking = 0;
}

static void talk_for(double seconds)
{
	now = clock_now();
	(ask.rate ? talk_by_the_clock : talk_all_the_time)(now + (int64_t)(seconds * SECOND));
	while (heard < owed) {
		turn(now + SECOND);
		mind_the_clock("the last messages were being heard", heard, owed);
	}
}

static void measure(void)
{
	uint64_t heard_before = heard, bytes_before = bytes;
	int64_t begin = clock_now();
	memset(&latency, 0, sizeof latency);
	talk_for(ask.seconds);
	printf("{\"seconds\": %.6f, \"deliveries\": %lu, \"messages\": %lu, \"bytes\": %lu, "
		   "\"p50_ms\": %.4f, \"p99_ms\": %.4f, \"p999_ms\": %.4f, \"most_ms\": %.4f}\n",
		   (last_arrival - begin) / 1e9, heard - heard_before, (heard - heard_before) / hearers,
		   bytes - bytes_before, percentile_ms(.5), percentile_ms(.99), percentile_ms(.999),
		   latency.most / 1e6);
	fflush(stdout);
}

/* --- what is asked for --- */

static const struct { const char *name; double *value; } option[] = {
	{"port", &ask.port},       {"people", &ask.people},   {"rooms", &ask.rooms},   {"talkers", &ask.talkers},
	{"window", &ask.window},   {"rate", &ask.rate},       {"stall", &ask.stall},   {"seconds", &ask.seconds},
	{"warmup", &ask.warmup},   {"patience", &ask.patience}, {"most", &ask.most},     {"caps", &ask.caps},
	{"door", &ask.door},       {"idlers", &ask.idlers},   {"stalled", &ask.stalled}, {"at_once", &ask.at_once},
	{"history", &ask.history},
};

static void take_option(const char *word)
{
	const char *value = strchr(word, '=');
	for (size_t i = 0; value && i < sizeof option / sizeof *option; i++)
		if (strlen(option[i].name) == (size_t)(value - word) && !strncmp(word, option[i].name, value - word)) {
			*option[i].value = atof(value + 1);
			return;
		}
	die("expected port= people= rooms= talkers= window= rate= seconds= warmup= stall= patience= most= caps= "
		"door= idlers= stalled= at_once= history=, each with a number; got '%s'", word);
}

static void check_options(void)
{
	people = ask.people, talkers = ask.talkers, size = people / (int)fmax(1, ask.rooms);
	window = ask.rate ? 0 : (int)ask.window;
	hearers = size - 1 - (int)ask.stalled, everyone = people + (int)ask.idlers;
	if (people < 2 || everyone > 65536 || size < 2 || size * (int)ask.rooms != people)
		die("expected 2 to 65536 people who fill the rooms evenly, two or more in each; got %d in %.0f rooms", people,
			ask.rooms);
	if (talkers > size - (int)ask.stalled || hearers < 1 || window > WINDOW_MOST || (!ask.rate && window < 1))
		die("expected at most one talker per seat that hears, and a window of 1 to %d; got %d talkers, window %d", WINDOW_MOST,
			talkers, window);
}

static void seat_everybody(void)
{
	person = calloc(everyone, sizeof *person);
	talker = calloc(people, sizeof *talker);
	due = calloc((size_t)people * (talkers + 1), sizeof *due);
	hungry = calloc(people, sizeof *hungry);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!person || !talker || !due || !hungry || epoll < 0)
		die("no memory for %d people", people);
	for (int i = 0; i < people; i++)
		person[i].room = i / size, person[i].seat = i % size;
	for (int i = people; i < everyone; i++)
		person[i].room = people / size + (i - people) / IDLE_ROOM;
}

int main(int count, char **word)
{
	for (int i = 1; i < count; i++)
		take_option(word[i]);
	check_options();
	seat_everybody();
	begun = clock_now();
	barrier("ready");
	everybody("people were registering", register_person, AT_ONCE);
	barrier("registered");
	everybody("people were joining", join_room, ask.at_once);
	everybody("rooms were settling", settle, ask.at_once);
	barrier("joined");
	stop_reading();
	if (ask.history) {
		everybody("people were catching up", catch_up, ask.at_once);
		check_caught_up();
		barrier("caught up");
	}
	if (talkers) {
		talk_for(ask.warmup);
		barrier("warm");
		measure();
	}
	return getchar() == EOF ? 0 : 1; /* stays until whoever started it has read the server's clocks */
}
