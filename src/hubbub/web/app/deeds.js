// What people do with what was said: answer it, react to it, give it other words, take it back.
// https://ircv3.net/specs/client-tags/react and https://ircv3.net/specs/extensions/message-redaction

import { plain } from "./format.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./house.js").Conversation} Conversation */
/** @typedef {import("./reading.js").Row} Row */

/** The keys of a message that has the keyboard. @type {Record<string, (session: Session, desk: Desk, talk: Conversation, row: Row) => void>} */
const KEYS = {
  r: (_, desk, talk, row) => {
    talk.editing.value = null;
    talk.replyingTo.value = { id: row.id, nick: row.nick, text: plain(row.text) };
    desk.write();
  },
  e: (session, desk, talk, row) => {
    if (!mayEdit(session, row)) return;
    talk.replyingTo.value = null;
    talk.editing.value = { id: row.id, nick: row.nick, text: row.text };
    desk.write();
  },
  "+": (_, desk, __, row) => {
    desk.picking.value = row.id;
  },
  Delete: (session, _, talk, row) => {
    if (mayRedact(session, talk, row)) session.client.order("REDACT", [talk.name, row.id]);
  },
};
KEYS[":"] = KEYS["+"];
KEYS.Backspace = KEYS.Delete;

/** Do what a key means for a message; false for a key that means nothing. @param {Session} session @param {Desk} desk @param {Conversation} talk @param {Row} row @param {string} key */
export function act(session, desk, talk, row, key) {
  const deed = Object.hasOwn(KEYS, key) && row.id && !row.removed ? KEYS[key] : undefined;
  deed?.(session, desk, talk, row);
  return deed !== undefined;
}

/** React with an emoji, or take that back. @param {Session} session @param {Conversation} talk @param {Row} row @param {string} emoji */
export function react(session, talk, row, emoji) {
  const done = row.reactions.find((reaction) => reaction.emoji === emoji)?.nicks.some((nick) => session.house.isMe(nick));
  session.client.order("TAGMSG", [talk.name], { [`+draft/${done ? "unreact" : "react"}`]: emoji, "+reply": row.id, "+draft/reply": row.id });
}

/** @param {Session} session @param {Row} row */
export function mayEdit(session, row) {
  return row.own && row.kind === "message" && !row.removed && !row.text.includes("\n") && session.client.can("hubbub.chat/edit");
}

/** @param {Session} session @param {Conversation} talk @param {Row} row */
export function mayRedact(session, talk, row) {
  return session.client.can("draft/message-redaction") && (row.own || runs(session, talk));
}

/** Whether we run this room. @param {Session} session @param {Conversation} talk */
export function runs({ house }, talk) {
  talk.membersChanged.value;
  return /[qaoh]/.test(talk.members.get(house.features.fold(house.nick.value))?.ranks ?? "");
}

/** Whether it makes sense to offer it: guests never may, where they do not run the room. @param {Session} session @param {Conversation} talk */
export function mayInvite(session, talk) {
  return talk.isRoom && session.client.can("hubbub.chat/invite") && (runs(session, talk) || session.house.account.value !== "");
}

/** Why files cannot be shared now, in a sentence; "" where they can. @param {Session} session */
export function objection(session) {
  if (session.place.isBridged) return "Files are shared from the page of the server itself: this one comes from your own computer";
  if (!session.house.shelf.value) return "Files cannot be shared on this server";
  if (!session.house.account.value || !session.identity.value?.password) return "Sharing files needs an account: keep your name first (click on it, below the list of rooms)";
  return "";
}

/** Our last message that can be given other words. @param {Session} session @param {Conversation} talk */
export function lastOwn(session, talk) {
  return talk.transcript.rows.findLast((row) => mayEdit(session, row));
}
