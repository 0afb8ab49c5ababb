// One conversation with one server, over as many connections as it takes, without IO: lines in, lines out.
//
// A shell says when a connection is there and when it is gone; what is known, and messages without an answer, outlive
// it. Questions are promises, tied to their answers by labels: https://ircv3.net/specs/extensions/labeled-response

import { batch } from "../vendor/signals.js";
import { Batches, flat, isBatch, joined } from "./batches.js";
import { Features } from "./features.js";
import { hear } from "./hearing.js";
import { History } from "./history.js";
import { Posting } from "./posting.js";
import { Registration } from "./registration.js";
import { encode, parse } from "./wire.js";

/** @typedef {import("./wire.js").Line} Line */
/** @typedef {import("./batches.js").Item} Item */
/** @typedef {import("./house.js").Conversation} Conversation */

/** What a server says instead of doing what was asked; its message is for people. */
export class Refusal extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** There is no server that could be asked. */
export class Offline extends Refusal {
  constructor() {
    super("", "There is no connection right now; try again in a moment");
  }
}

const ANSWERS = new Set(["chathistory", "draft/chathistory-targets", "soju.im/search"]);
const PAST_ERRORS = new Set(["422"]); // "no message of the day" refuses nothing

export class Client {
  /** @param {import("./house.js").House} house */
  constructor(house) {
    this.house = house;
    this.history = new History(this);
    this.posting = new Posting(this);
    /** @type {Registration | null} */
    this.registration = null;
    /** Called when we are let in, and with the reason when we are not. */
    this.onWelcome = () => {};
    /** @type {(reason: string) => void} */
    this.onRefused = () => {};
    /** @type {(talk: Conversation, row: import("./reading.js").Row) => void} something new for us was said */
    this.onNews = () => {};
    /** @type {(text: string) => void} what concerns no conversation */
    this.onTold = () => {};
    /** @type {((line: string) => void) | null} */
    this.out = null;
    this.batches = new Batches();
    /** @type {Map<string, {resolve: (items: Item[]) => void, reject: (why: Error) => void, quiet: boolean}>} */
    this.asked = new Map();
    this.count = 0;
    /** Our own `nick!user@host`, as others see it. */
    this.source = "";
  }

  // The connection, as its shell sees it.

  /**
   * @param {(line: string) => void} out
   * @param {import("./registration.js").Identity} identity
   * @param {boolean} patient whether another nick will do
   */
  connected(out, identity, patient) {
    this.out = out;
    this.batches = new Batches();
    this.house.features = new Features();
    this.registration = new Registration((command, ...params) => this.send(command, params), identity, patient);
    this.registration.start();
  }

  /** It is gone: the next one takes up where this one ended. */
  disconnected() {
    this.out = null;
    this.house.standing.value = "offline";
    for (const { reject } of this.asked.values()) reject(new Offline());
    this.asked.clear();
    this.posting.lost();
    for (const talk of this.house.conversations.value) {
      talk.stale = true;
      if (talk.isRoom) talk.present.value = false;
      talk.typing.value = new Map();
    }
  }

  /** @param {string} text one line */
  receive(text) {
    const line = parse(text);
    const item = line && this.batches.take(line);
    if (item) batch(() => this.#take(item));
  }

  get online() {
    return this.house.standing.value === "online";
  }

  /** @param {string} name */
  can(name) {
    return this.house.caps.value.has(name);
  }

  // Speaking.

  /** @param {string} command @param {string[]} params @param {Record<string, string>} [tags] */
  send(command, params, tags) {
    this.out?.(encode(command, params, tags));
  }

  /**
   * Ask something: all that the server answers, in order. `quiet` keeps the answer from being taken for news.
   * @param {string} command
   * @param {string[]} params
   * @param {{quiet?: boolean, tags?: Record<string, string>}} [how]
   * @returns {Promise<Item[]>} rejects with Refusal
   */
  ask(command, params, { quiet = false, tags = {} } = {}) {
    if (!this.out || !this.online) return Promise.reject(new Offline());
    this.count += 1;
    const label = `q${this.count}`;
    return new Promise((resolve, reject) => {
      this.asked.set(label, { resolve, reject, quiet });
      this.send(command, params, { ...tags, label });
    });
  }

  /** The same for those who want no answer but to be told why not. @param {string} command @param {string[]} params @param {Record<string, string>} [tags] */
  order(command, params, tags) {
    this.ask(command, params, { tags }).catch((/** @type {Error} */ why) => this.onTold(why.message));
  }

  // Hearing.

  /** @param {Item} item */
  #take(item) {
    const label = item.tags.label ?? "";
    const question = this.asked.get(label);
    this.asked.delete(label);
    const items = isBatch(item) && item.type === "labeled-response" ? item.items : [item];
    const refusal = label ? refusalIn(flat(items)) : null;
    for (const one of items) this.#hear(one, label, question !== undefined && (question.quiet || refusal !== null));
    if (refusal) question?.reject(refusal);
    else question?.resolve(items.filter((one) => isBatch(one) || one.command !== "ACK"));
    if (label && !question) this.posting.answered(label, refusal);
  }

  /** @param {Item} item @param {string} label @param {boolean} quiet */
  #hear(item, label, quiet) {
    if (!isBatch(item)) {
      if (!quiet) hear(this, item, label);
    } else if (item.type === "draft/multiline") {
      const line = joined(item);
      if (line && !quiet) hear(this, line, label);
    } else if (!ANSWERS.has(item.type)) {
      for (const inner of item.items) this.#hear(inner, label, quiet);
    }
  }
}

/** @param {Line[]} lines */
function refusalIn(lines) {
  for (const { command, params } of lines) {
    const text = params.at(-1) ?? "";
    if (command === "FAIL") return new Refusal(params[1] ?? "", text);
    if (/^[45]\d\d$/.test(command) && !PAST_ERRORS.has(command)) return new Refusal(command, text);
  }
  return null;
}
