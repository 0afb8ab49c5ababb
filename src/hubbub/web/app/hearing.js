// What each line of a server means to us: one function for each command, in a table that can be read.
// https://modern.ircdocs.horse and https://ircv3.net/irc/

import { conversationOf, read } from "./reading.js";
import { nickOf } from "./wire.js";

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./wire.js").Line} Line */
/** @typedef {import("./house.js").Conversation} Conversation */
/** @typedef {(client: Client, line: Line, label: string) => void} Hear */

const TYPING_MS = { active: 6_000, paused: 30_000 };
const MEMBERS_ASKED = 300; // about whom more is asked than their names
const WHO_TOKEN = "52";

/** Numerics that say what is known already, or what only programs want to know. */
const SILENT = new Set([
  "002", "003", "004", "042", "250", "251", "252", "253", "254", "255", "265", "266", "305", "306", "315", "328", "329",
  "333", "366", "396", "422", "730", "731", "900", "901", "903", "CHGHOST", "ACK", "WEBPUSH", "BATCH",
]);

/** @type {Record<string, Hear>} */
const HEARD = {
  PING: (client, line) => client.send("PONG", line.params),
  PONG: () => {},
  ERROR: (client, line) => {
    client.house.problem.value = line.params.at(-1) ?? "";
    if (!client.online) client.onRefused(client.house.problem.value);
  },
  "001": welcomed,
  "005": (client, line) => {
    client.house.features.take(line.params.slice(1, -1));
    client.house.network.value = client.house.features.get("NETWORK");
  },
  "375": (client) => {
    client.house.motd.value = [];
  },
  "372": (client, line) => {
    client.house.motd.value = [...client.house.motd.value, (line.params.at(-1) ?? "").replace(/^- ?/, "")];
  },
  "376": greeted,
  "422": greeted,
  "730": (client, line) => seen(client, line, true),
  "731": (client, line) => seen(client, line, false),
  "900": (client, line) => {
    client.house.account.value = line.params[2] ?? "";
  },
  "901": (client) => {
    client.house.account.value = "";
  },
  "305": (client) => {
    client.house.away.value = "";
  },
  "301": (client, line) => client.house.meet(line.params[1] ?? "", { away: line.params.at(-1) ?? "" }),
  "331": (client, line) => topic(client, line.params[1], ""),
  "332": (client, line) => topic(client, line.params[1], line.params[2]),
  "353": named,
  "354": described,
  "470": (client, line) => {
    const talk = client.house.find(line.params[1] ?? "");
    if (talk) client.house.drop(talk);
  },
  CAP: (client, line) => {
    const reason = client.registration?.take(line);
    if (reason) client.onRefused(reason);
    if (client.registration) client.house.caps.value = new Map(client.registration.caps);
  },
  PRIVMSG: said,
  NOTICE: said,
  TAGMSG: tagged,
  REDACT: said,
  EDIT: said,
  JOIN: joined,
  PART: (client, line) => left(client, line, nickOf(line.source)),
  KICK: (client, line) => left(client, line, line.params[1] ?? ""),
  QUIT: quit,
  NICK: renamed,
  TOPIC: (client, line) => {
    said(client, line, "");
    topic(client, line.params[0], line.params[1]);
  },
  MODE: ranked,
  INVITE: (client, line) => {
    if (client.house.isMe(line.params[0])) client.onTold(`${nickOf(line.source)} invites you: /join ${line.params[1]}`);
  },
  RENAME: (client, line) => {
    const talk = client.house.find(line.params[0] ?? "");
    if (!talk) return;
    talk.name = line.params[1] ?? talk.name;
    client.house.conversations.value = [...client.house.conversations.value];
  },
  AWAY: (client, line) => about(client, line, { away: line.params.length ? line.params[0] : null }),
  ACCOUNT: (client, line) => about(client, line, { account: line.params[0] === "*" ? "" : line.params[0] }),
  SETNAME: (client, line) => about(client, line, { realname: line.params[0] }),
  MARKREAD: (client, line) => {
    const at = Date.parse((line.params[1] ?? "").replace("timestamp=", ""));
    const talk = client.house.find(line.params[0] ?? "");
    if (talk && at > talk.marker.value) client.history.marked(talk, at);
  },
};

/** @param {Client} client @param {Line} line @param {string} label */
export function hear(client, line, label) {
  const heard = Object.hasOwn(HEARD, line.command) ? HEARD[line.command] : other;
  heard(client, line, label);
}

/** @type {Hear} */
function other(client, line, label) {
  const reason = client.registration?.take(line) ?? "";
  if (reason) client.onRefused(reason);
  else if (client.online && !label && !SILENT.has(line.command)) client.onTold(line.params.slice(1).join(" "));
}

/** @type {Hear} */
function welcomed(client, line) {
  client.registration?.take(line);
  client.house.nick.value = line.params[0] ?? "";
  client.house.people.clear();
}

/** Everything that a server says by itself when somebody comes has been said. @type {Hear} */
function greeted(client) {
  if (client.online || !client.registration?.done) return;
  client.house.standing.value = "online";
  client.house.problem.value = "";
  client.house.shelf.value = client.house.features.get("soju.im/FILEHOST").replace(/\/$/, "");
  client.onWelcome();
}

/** @param {Client} client @param {Line} line @param {boolean} online */
function seen(client, line, online) {
  for (const source of (line.params.at(-1) ?? "").split(",")) {
    const talk = client.house.find(nickOf(source));
    if (talk) talk.online.value = online;
  }
}

/** @param {Client} client @param {string} [room] @param {string} [text] */
function topic(client, room = "", text = "") {
  const talk = client.house.find(room);
  if (talk) talk.topic.value = text;
}

/** @type {Hear} */
function said(client, line, label = "") {
  const { house } = client;
  const scene = { isMe: (/** @type {string} */ nick) => house.isMe(nick), namesMe: (/** @type {string} */ text) => house.namesMe(text), features: house.features, page: "" };
  const reading = read(line, scene);
  const from = nickOf(line.source);
  if (reading?.row && isServer(from)) {
    client.onTold(reading.row.text);
    return;
  }
  if (label) client.posting.echoed(label);
  const talk = reading && (reading.row && !house.ignores(from) ? house.talk(reading.conversation) : house.find(reading.conversation));
  if (!reading || !talk) return;
  if (reading.row) typing(talk, from, 0);
  client.history.offer(talk, reading);
}

/** No nick has a dot: it is the server that speaks. @param {string} source */
function isServer(source) {
  return source === "" || source.includes(".");
}

/** @type {Hear} */
function tagged(client, line, label) {
  const state = line.tags["+typing"];
  const from = nickOf(line.source);
  if (state === undefined) {
    said(client, line, label);
    return;
  }
  if (client.house.isMe(from) || client.house.ignores(from)) return;
  const scene = { isMe: () => false, namesMe: () => false, features: client.house.features, page: "" };
  const talk = client.house.find(conversationOf(line, scene));
  if (talk) typing(talk, from, TYPING_MS[/** @type {"active"} */ (state)] ?? 0);
}

/** @param {Conversation} talk @param {string} nick @param {number} ms how long it lasts unless it is said again */
function typing(talk, nick, ms) {
  if (!ms && !talk.typing.value.has(nick)) return;
  const now = Date.now();
  const others = [...talk.typing.value].filter(([other, until]) => other !== nick && until > now);
  talk.typing.value = new Map(ms ? [...others, [nick, now + ms]] : others);
  if (ms) setTimeout(() => over(talk), ms + 50);
}

/** Drop those who have not said again that they type. @param {Conversation} talk */
function over(talk) {
  const still = [...talk.typing.value].filter(([, until]) => until > Date.now());
  if (still.length < talk.typing.value.size) talk.typing.value = new Map(still);
}

/** @type {Hear} */
function joined(client, line) {
  const { house } = client;
  const [room = "", account = "*", realname = ""] = line.params;
  const nick = nickOf(line.source);
  const talk = house.isMe(nick) ? house.talk(room) : house.find(room);
  if (!talk) return;
  house.meet(nick, { account: account === "*" ? "" : account, realname, away: null });
  if (house.isMe(nick)) {
    client.source = line.source;
    talk.members.clear();
    talk.present.value = true;
    client.send("NAMES", [room]);
    client.history.entered(talk);
  }
  talk.members.set(house.features.fold(nick), { nick, ranks: "" });
  talk.membersChanged.value += 1;
  if (line.tags.msgid) said(client, line, ""); // without one, a device of ours is told where we are already
}

/** @type {Hear} */
function named(client, line) {
  const talk = client.house.find(line.params[2] ?? "");
  if (!talk) return;
  for (const word of (line.params.at(-1) ?? "").split(" ").filter(Boolean)) {
    const [ranks, source] = client.house.features.ranked(word);
    const nick = nickOf(source);
    talk.members.set(client.house.features.fold(nick), { nick, ranks });
  }
  talk.membersChanged.value += 1;
  if (talk.members.size <= MEMBERS_ASKED) client.send("WHO", [talk.name, `%tnfar,${WHO_TOKEN}`]);
}

/** https://ircv3.net/specs/extensions/whox @type {Hear} */
function described(client, line) {
  const [, token, nick = "", flags = "", account = "", realname = ""] = line.params;
  if (token !== WHO_TOKEN) return;
  const away = flags[0] === "G" ? "" : null;
  client.house.meet(nick, { account: account === "0" ? "" : account, realname, away });
  if (client.house.isMe(nick) && away === null) client.house.away.value = "";
}

/** @param {Client} client @param {Line} line @param {string} nick */
function left(client, line, nick) {
  const { house } = client;
  const talk = house.find(line.params[0] ?? "");
  if (!talk) return;
  said(client, line, "");
  talk.members.delete(house.features.fold(nick));
  talk.membersChanged.value += 1;
  if (!house.isMe(nick)) return;
  talk.present.value = false;
  if (line.command === "PART") house.drop(talk);
}

/** @type {Hear} */
function quit(client, line) {
  const nick = nickOf(line.source);
  for (const talk of roomsWith(client, nick)) {
    tellRoom(client, talk, line);
    talk.members.delete(client.house.features.fold(nick));
    talk.membersChanged.value += 1;
  }
  client.house.people.delete(client.house.features.fold(nick));
  const wanted = client.registration?.identity.nick ?? "";
  if (client.house.features.same(nick, wanted) && !client.house.isMe(wanted)) client.send("NICK", [wanted]);
}

/** @type {Hear} */
function renamed(client, line) {
  const { house } = client;
  const [old, next = ""] = [nickOf(line.source), line.params[0]];
  const person = house.person(old);
  for (const talk of roomsWith(client, old)) {
    tellRoom(client, talk, line);
    const member = talk.members.get(house.features.fold(old));
    talk.members.delete(house.features.fold(old));
    talk.members.set(house.features.fold(next), { nick: next, ranks: member?.ranks ?? "" });
    talk.membersChanged.value += 1;
  }
  if (house.isMe(old)) house.nick.value = next;
  house.people.delete(house.features.fold(old));
  house.meet(next, person);
}

/** @param {Client} client @param {string} nick */
function roomsWith(client, nick) {
  const key = client.house.features.fold(nick);
  return client.house.conversations.value.filter((talk) => talk.members.has(key));
}

/** @param {Client} client @param {Conversation} talk @param {Line} line */
function tellRoom(client, talk, line) {
  const { house } = client;
  const reading = read(line, { isMe: (nick) => house.isMe(nick), namesMe: () => false, features: house.features, page: talk.name });
  if (reading) client.history.offer(talk, reading);
}

/** @type {Hear} */
function ranked(client, line) {
  const { house } = client;
  const talk = house.find(line.params[0] ?? "");
  if (!talk) return;
  for (const [sign, letter, nick] of house.features.modes(line.params.slice(1))) {
    const member = [...house.features.ranks.values()].includes(letter) && talk.members.get(house.features.fold(nick));
    if (!member) continue;
    const ranks = member.ranks.replaceAll(letter, "") + (sign === "+" ? letter : "");
    talk.members.set(house.features.fold(nick), { ...member, ranks });
  }
  talk.membersChanged.value += 1;
  said(client, line, "");
}

/** @param {Client} client @param {Line} line @param {Partial<import("./house.js").Person>} news */
function about(client, line, news) {
  const nick = nickOf(line.source);
  client.house.meet(nick, news);
  if (client.house.isMe(nick) && "away" in news) client.house.away.value = news.away ?? "";
}
