// What a line tells, the same for what is heard live and for what a page of history holds: a row, or a revision of one.
// https://ircv3.net/specs/extensions/message-ids and https://ircv3.net/specs/extensions/server-time

import { nickOf } from "./wire.js";

/** @typedef {import("./wire.js").Line} Line */
/** @typedef {"message" | "action" | "notice" | "event"} Kind */
/** @typedef {"" | "waiting" | "sending" | "failed"} Stage what became of a message of ours; "" when it is stored */

/**
 * One entry of a conversation, never changed: a change is another row in its place. `at` is in ms. `event` is the
 * command of what is no message. `who` is whom an event is about, where that is somebody else.
 * @typedef {object} Row
 * @property {string} id
 * @property {number} at
 * @property {Kind} kind
 * @property {string} nick
 * @property {string} text
 * @property {boolean} own
 * @property {boolean} mention
 * @property {string} replyTo
 * @property {boolean} edited
 * @property {boolean} removed
 * @property {Stage} stage
 * @property {string} problem
 * @property {string} event
 * @property {string} who
 * @property {ReadonlyArray<Reaction>} reactions
 */

/** @typedef {{emoji: string, nicks: ReadonlyArray<string>}} Reaction */
/** @typedef {{id: string, at: number, verb: "react" | "unreact" | "redact" | "edit", target: string, nick: string, text: string}} Revision */

/**
 * @typedef {object} Scene what a line does not say itself
 * @property {(nick: string) => boolean} isMe
 * @property {(text: string) => boolean} namesMe
 * @property {import("./features.js").Features} features
 * @property {string} page the conversation that a page of history is from, "" for a line heard live
 */

/** @typedef {{conversation: string, row?: Row, revision?: Revision}} Reading */

const EDITED = "hubbub.chat/edited";
const ACTION = "\x01ACTION ";
const EVENTS = new Set(["JOIN", "PART", "QUIT", "KICK", "NICK", "TOPIC", "MODE"]);

/** @type {Partial<Row>} */
const BLANK = {
  replyTo: "", edited: false, removed: false, stage: "", problem: "", event: "", who: "", reactions: [], mention: false,
};

/** @param {Partial<Row> & {id: string, at: number, nick: string}} given @returns {Row} */
export function rowOf(given) {
  return /** @type {Row} */ ({ ...BLANK, kind: "message", text: "", own: false, ...given });
}

/**
 * @param {Line} line
 * @param {Scene} scene
 * @returns {Reading | null} null for what stands in no transcript
 */
export function read(line, scene) {
  const nick = nickOf(line.source);
  const common = { id: line.tags.msgid ?? "", at: timeOf(line), nick, own: scene.isMe(nick) };
  if (line.command === "PRIVMSG" || line.command === "NOTICE") return said(line, scene, common);
  if (line.command === "TAGMSG") return reacted(line, scene, common);
  if (line.command === "REDACT" || line.command === "EDIT") return revised(line, scene, common);
  if (EVENTS.has(line.command)) return happened(line, scene, common);
  return null;
}

/** In ms; now, where a line does not say. @param {Line} line */
export function timeOf(line) {
  const at = Date.parse(line.tags.time ?? "");
  return Number.isNaN(at) ? Date.now() : at;
}

/** The id of the message that a line answers. @param {Line} line */
export function replyOf(line) {
  return line.tags["+reply"] ?? line.tags["+draft/reply"] ?? "";
}

/** A room's name, or the other person's nick: theirs when they speak to us. @param {Line} line @param {Scene} scene */
export function conversationOf(line, scene) {
  if (scene.page) return scene.page;
  const nick = nickOf(line.source);
  const target = scene.features.roomOf(line.params[0] ?? "");
  return scene.features.isRoom(target) || scene.isMe(nick) ? target : nick;
}

/** @typedef {{id: string, at: number, nick: string, own: boolean}} Common */

/** @param {Line} line @param {Scene} scene @param {Common} common @returns {Reading | null} */
function said(line, scene, common) {
  let text = line.params[1] ?? "";
  /** @type {Kind} */
  let kind = line.command === "NOTICE" ? "notice" : "message";
  if (text.startsWith(ACTION)) {
    kind = "action";
    text = text.slice(ACTION.length).replace(/\x01$/, "");
  } else if (text[0] === "\x01") return null; // a question of one program to another
  const mention = !common.own && kind !== "notice" && scene.namesMe(text);
  const row = rowOf({ ...common, kind, text, mention, replyTo: replyOf(line), edited: EDITED in line.tags });
  return { conversation: conversationOf(line, scene), row };
}

/** @param {Line} line @param {Scene} scene @param {Common} common @returns {Reading | null} */
function reacted(line, scene, common) {
  const target = replyOf(line);
  for (const verb of /** @type {const} */ (["react", "unreact"])) {
    const text = line.tags[`+draft/${verb}`] ?? line.tags[`+${verb}`];
    if (text && target) return { conversation: conversationOf(line, scene), revision: { ...common, verb, target, text } };
  }
  return null;
}

/** @param {Line} line @param {Scene} scene @param {Common} common @returns {Reading} */
function revised(line, scene, common) {
  const verb = line.command === "EDIT" ? "edit" : "redact";
  const [, target = "", text = ""] = line.params;
  return { conversation: conversationOf(line, scene), revision: { ...common, verb, target, text } };
}

/** @param {Line} line @param {Scene} scene @param {Common} common @returns {Reading} */
function happened(line, scene, common) {
  const [first = "", second = "", third = ""] = line.params;
  const told = {
    JOIN: {}, PART: { text: second }, QUIT: { text: first }, NICK: { who: first }, KICK: { who: second, text: third },
    TOPIC: { text: second }, MODE: { text: line.params.slice(1).join(" ") },
  }[line.command];
  const row = rowOf({ ...common, kind: "event", event: line.command, ...told });
  return { conversation: scene.page || first, row };
}
