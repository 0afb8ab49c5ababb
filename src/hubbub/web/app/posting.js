// Our messages and what becomes of each: on its way, stored, or refused; never a guess, and never twice.
//
// The label of a message is its nonce: said again under the same label, the server keeps it once. So what was on its
// way when a connection broke is said again on the next one, as long as the server takes us for the same sender.

import { rowOf } from "./reading.js";
import { bytes } from "./wire.js";

/** @typedef {import("./house.js").Conversation} Conversation */
/** @typedef {import("./client.js").Refusal} Refusal */
/** @typedef {import("./reading.js").Kind} Kind */
/** @typedef {"written" | "flying" | "doubtful" | "failed"} Step */
/** @typedef {{label: string, target: string, kind: Kind, text: string, replyTo: string, at: number, sender: string, step: Step, problem: string}} Post */

const FRAME = 12; // ":", spaces, " :" and the end of a line
const USER_AND_HOST = 80; // what a server may put behind our nick, where we have not seen it yet
const UNKNOWN = "The connection broke before the server confirmed it: it may have arrived, or not";

export class Posting {
  /** @param {import("./client.js").Client} client */
  constructor(client) {
    this.client = client;
    /** @type {Post[]} in the order in which they were written */
    this.posts = [];
    /** Called when they have changed. */
    this.onChange = () => {};
  }

  /** @param {Conversation} talk @param {string} text @param {Kind} [kind] @param {string} [replyTo] */
  say(talk, text, kind = "message", replyTo = "") {
    /** @type {Post} */
    const post = { label: nonce(), target: talk.name, kind, text, replyTo, at: Date.now(), sender: "", step: "written", problem: "" };
    this.posts.push(post);
    this.flush();
    this.#show(post);
  }

  /** Try a failed one again: one that may have arrived under the name it had. @param {string} label */
  retry(label) {
    const post = this.posts.find((one) => one.label === label);
    if (!post || post.step !== "failed") return;
    this.#hide(post);
    if (post.problem !== UNKNOWN || post.sender !== this.#sender()) post.label = nonce();
    post.step = "written";
    post.problem = "";
    this.flush();
    this.#show(post);
  }

  /** @param {string} label */
  discard(label) {
    this.#remove(label);
  }

  /** Bring back those of an earlier visit. @param {Post[]} posts */
  restore(posts) {
    this.posts = posts.map((post) => (post.step === "flying" ? { ...post, step: "doubtful" } : post));
    this.posts.forEach((post) => this.#show(post));
  }

  /** Give the server what may go now. */
  flush() {
    for (const post of this.posts) {
      if (post.step === "written" && this.#isReady(post)) this.#send(post);
    }
    this.onChange();
  }

  /** A message of ours is stored. @param {string} label */
  echoed(label) {
    this.#remove(label);
  }

  /** All that answers a label is here. @param {string} label @param {Refusal | null} refusal */
  answered(label, refusal) {
    const post = this.posts.find((one) => one.label === label);
    if (!post) return;
    if (refusal) this.#fail(post, refusal.message);
    else this.#remove(label);
  }

  /** The connection is gone. */
  lost() {
    for (const post of this.posts) if (post.step === "flying") post.step = "doubtful";
    this.posts.forEach((post) => this.#show(post));
  }

  /** We are let in again: what is in doubt is said again, if that is safe. */
  resumed() {
    const safe = this.client.house.features.get("hubbub.chat/NONCE") !== "";
    for (const post of this.posts) {
      if (post.step === "doubtful" && safe && post.sender === this.#sender()) post.step = "written";
    }
    this.flush();
  }

  /** A conversation is complete up to now: what is in doubt there is in it, or nobody knows. @param {Conversation} talk */
  settle(talk) {
    for (const post of [...this.posts]) {
      if (post.step !== "doubtful" || !this.client.house.features.same(post.target, talk.name)) continue;
      const arrived = talk.transcript.rows.some((row) => row.nick === post.sender && row.text === post.text && row.at > post.at - 60_000);
      if (arrived) this.#remove(post.label);
      else this.#fail(post, UNKNOWN);
    }
    this.flush();
  }

  /** @param {Post} post */
  #isReady(post) {
    const talk = this.client.house.find(post.target);
    return this.client.online && talk !== undefined && talk.present.value;
  }

  /** @param {Post} post */
  #send(post) {
    post.step = "flying";
    post.sender = this.#sender();
    const lines = this.#lines(post);
    const about = { label: post.label, ...(post.replyTo ? { "+reply": post.replyTo, "+draft/reply": post.replyTo } : {}) };
    if (lines.length === 1) this.client.send(verb(post), [post.target, lines[0].text], about);
    else this.#sendAll(post, lines, about);
    this.#show(post);
  }

  /** https://ircv3.net/specs/extensions/multiline @param {Post} post @param {Piece[]} lines @param {Record<string, string>} about */
  #sendAll(post, lines, about) {
    const reference = post.label.replace(/[^A-Za-z0-9]/g, "");
    this.client.send("BATCH", [`+${reference}`, "draft/multiline", post.target], about);
    for (const { text, goesOn } of lines) {
      const tags = { batch: reference, ...(goesOn ? { "draft/multiline-concat": "" } : {}) };
      this.client.send(verb(post), [post.target, text], tags);
    }
    this.client.send("BATCH", [`-${reference}`]);
  }

  /** @param {Post} post @returns {Piece[]} */
  #lines(post) {
    if (post.kind === "action") return [{ text: `\x01ACTION ${post.text.replaceAll("\n", " ")}\x01`, goesOn: false }];
    const source = bytes(this.client.source) || bytes(this.client.house.nick.value) + USER_AND_HOST;
    return pieces(post.text, 512 - FRAME - source - bytes(`${verb(post)}${post.target}`));
  }

  /** @param {Post} post @param {string} problem */
  #fail(post, problem) {
    post.step = "failed";
    post.problem = problem;
    this.#show(post);
    this.onChange();
  }

  /** @param {string} label */
  #remove(label) {
    const post = this.posts.find((one) => one.label === label);
    if (!post) return;
    this.posts = this.posts.filter((one) => one !== post);
    this.#hide(post);
    this.onChange();
  }

  /** @param {Post} post */
  #show(post) {
    const stage = post.step === "failed" ? "failed" : post.step === "flying" ? "sending" : "waiting";
    const { label, at, kind, text, replyTo, problem } = post;
    const nick = this.client.house.nick.value;
    this.client.house.talk(post.target).transcript.expect(rowOf({ id: label, at, nick, kind, text, replyTo, problem, stage, own: true }));
  }

  /** @param {Post} post */
  #hide(post) {
    this.client.house.find(post.target)?.transcript.settle(post.label);
  }

  /** Whom the server takes us for: it keeps nonces by account, and those of guests by nick. */
  #sender() {
    return this.client.house.account.value || this.client.house.nick.value;
  }
}

/** @typedef {{text: string, goesOn: boolean}} Piece */

/**
 * A text as lines that fit, those after a cut marked.
 * @param {string} text
 * @param {number} room in bytes
 * @returns {Piece[]}
 */
export function pieces(text, room) {
  return text.split("\n").flatMap((line) => wrapped(line, room).map((piece, index) => ({ text: piece, goesOn: index > 0 })));
}

/** @param {string} line @param {number} room @returns {string[]} */
function wrapped(line, room) {
  if (bytes(line) <= room) return [line];
  const found = [""];
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    if (bytes(found[found.length - 1] + segment) > room) found.push("");
    found[found.length - 1] += segment;
  }
  return found;
}

/** 128 random bits: no two messages may ever have the same. */
function nonce() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Post} post */
function verb(post) {
  return post.kind === "notice" ? "NOTICE" : "PRIVMSG";
}
