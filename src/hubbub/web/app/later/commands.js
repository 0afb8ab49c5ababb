// What a person can type after a slash, in one table, which /help shows.

import { OWNERS } from "../place.js";
import { rename } from "./names.js";
import { ignore, whois } from "./person.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../house.js").Conversation} Conversation */
/** @typedef {{session: Session, desk: Desk, talk: Conversation}} Here */
/** @typedef {{usage: string, about: string, run: (here: Here, rest: string) => void}} Command */

/** Something typed that cannot be done; its message says what was expected. */
export class BadCommand extends Error {}

/** @type {Map<string, Command>} */
export const COMMANDS = new Map();

command("/join ROOM [KEY]", "go into a room, or back to one you are in", ({ session }, rest) => {
  const [room, key = ""] = words(rest, "join");
  session.open(session.house.features.isRoom(room) ? room : `#${room}`, key);
});
command("/part [REASON]", "leave this room", ({ session, talk }) => session.close(talk));
command("/msg WHO [TEXT]", "talk to one person, or in another room", ({ session }, rest) => {
  const [who, ...text] = words(rest, "msg");
  session.open(who).then(() => {
    const talk = session.house.find(who);
    if (talk && text.length) session.client.posting.say(talk, text.join(" "));
  });
});
command("/me TEXT", "say what you do: /me waves", ({ session, talk }, rest) => session.client.posting.say(talk, some(rest, "me"), "action"));
command("/nick NAME", "be called something else", ({ session }, rest) => rename(session, words(rest, "nick")[0]));
command("/topic [TEXT]", "say what the room is about", ({ session, talk }, rest) => session.client.order("TOPIC", [talk.name, rest]));
command("/invite", "make a link that brings others in", ({ desk }) => {
  desk.dialog.value = "invite";
});
command("/away [REASON]", "be away, or back if you give no reason", ({ session }, rest) => {
  session.house.away.value = rest;
  session.client.order("AWAY", rest ? [rest] : []);
});
command("/whois WHO", "show what is known of somebody", ({ session }, rest) => whois(session, words(rest, "whois")[0]));
command("/ignore WHO", "see nothing from somebody any more", ({ session }, rest) => ignore(session, words(rest, "ignore")[0], true));
command("/unignore WHO", "see again what somebody says", ({ session }, rest) => ignore(session, words(rest, "unignore")[0], false));
command("/kick WHO [REASON]", "put somebody out of this room", ({ session, talk }, rest) => {
  const [who, ...why] = words(rest, "kick");
  session.client.order("KICK", [talk.name, who, why.join(" ") || who]);
});
command("/op WHO", "make somebody an operator of this room", ({ session, talk }, rest) => session.client.order("MODE", [talk.name, "+o", words(rest, "op")[0]]));
command("/mode MODES", "change the modes of this room: /mode +m", ({ session, talk }, rest) => session.client.order("MODE", [talk.name, ...words(rest, "mode")]));
command("/search TEXT", "find what was said here", ({ desk }, rest) => {
  desk.sought.value = rest;
  desk.searching.value = true;
});
command("/account", "keep your name, sign in or out, notifications", ({ desk }) => {
  desk.dialog.value = "account";
});
command("/house", "run this place: how it is, people, invites, files, bans", () => {
  location.hash = OWNERS;
});
command("/ns TEXT", "speak to NickServ, about accounts: /ns help", ({ session }, rest) => session.client.order("PRIVMSG", ["NickServ", some(rest, "ns")]));
command("/cs TEXT", "speak to ChanServ, about rooms: /cs help", ({ session }, rest) => session.client.order("PRIVMSG", ["ChanServ", some(rest, "cs")]));
command("/raw LINE", "say a line of IRC as it is: /raw VERSION", ({ session }, rest) => {
  const [before, ...last] = ` ${some(rest, "raw")}`.split(/ :(.*)/s);
  const [name = "", ...params] = before.split(" ").filter(Boolean);
  session.client.order(name.toUpperCase(), [...params, ...last.slice(0, 1)]);
});
command("/quit", "leave, and forget everything on this device", ({ session }) => session.leave());
command("/help", "show this; a line that begins with // is said with one /", ({ desk }) => {
  desk.dialog.value = "help";
});

/** Do what was typed after a slash; throws BadCommand. @param {Here} here @param {string} line */
export function obey(here, line) {
  const [, name, rest] = /^\/(\S*)\s*([\s\S]*)$/.exec(line) ?? ["", "", ""];
  const found = COMMANDS.get(name.toLowerCase());
  if (!found) throw new BadCommand(`There is no command /${name}; /help shows all commands`);
  found.run(here, rest.trim());
}

/** @param {string} usage @param {string} about @param {Command["run"]} run */
function command(usage, about, run) {
  COMMANDS.set(usage.split(" ")[0].slice(1), { usage, about, run });
}

/** @param {string} rest @param {string} name */
function some(rest, name) {
  if (!rest) throw new BadCommand(`Expected ${COMMANDS.get(name)?.usage}, got too little`);
  return rest;
}

/** @param {string} rest @param {string} name */
function words(rest, name) {
  return some(rest, name).split(/\s+/);
}
