// What was said before and meanwhile: filled in without a gap or a double, and more of it at either end.
// https://ircv3.net/specs/extensions/chathistory and https://ircv3.net/specs/extensions/read-marker

import { flat, isBatch } from "./batches.js";
import { read } from "./reading.js";

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./house.js").Conversation} Conversation */
/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("./reading.js").Row} Row */

const FIRST = 100; // what is shown of a conversation at first: two screens
const MISSED = 300; // what is filled in at once after a connection was lost; the rest is there on scrolling up
const PAGE = 100;
const TALKS = 50; // conversations with people that are brought back
const MARK_MS = 1_000; // between two times that others are told how far we have read
const FOREVER = ["timestamp=9999-12-31T23:59:59.999Z", "timestamp=1970-01-01T00:00:00.000Z"];

export class History {
  /** @param {Client} client */
  constructor(client) {
    this.client = client;
    /** Whether somebody looks at the end of this conversation. @type {(talk: Conversation) => boolean} */
    this.isRead = () => false;
    /** Called with a conversation whose rows have changed. @type {(talk: Conversation) => void} */
    this.onChange = () => {};
    /** @type {Map<Conversation, ReturnType<typeof setTimeout>>} */
    this.marks = new Map();
    /** @type {Map<Conversation, Promise<void>>} what is being asked for */
    this.asking = new Map();
  }

  /** Something was heard live: shown, or held back behind what is missing before it. @param {Conversation} talk @param {Reading} reading */
  offer(talk, reading) {
    if (!talk.stale) this.#show(talk, reading);
    else {
      talk.held.push(reading);
      if (!talk.isRoom && !this.asking.has(talk)) this.begin(talk);
    }
  }

  /** We are in a room now, or have begun to talk with somebody: fill in what was said. @param {Conversation} talk */
  entered(talk) {
    talk.stale = true;
    return this.#once(talk, () => this.#fill(talk));
  }

  /** Bring back the conversations with people. */
  async people() {
    const items = await this.client.ask("CHATHISTORY", ["TARGETS", ...FOREVER, String(TALKS)]).catch(() => []);
    for (const { params } of flat(items)) {
      const name = params[1] ?? "";
      if (!name || this.client.house.features.isRoom(name)) continue;
      this.begin(this.client.house.talk(name));
    }
  }

  /** A conversation with somebody: what was said, how far we have read, whether they are here. @param {Conversation} talk */
  begin(talk) {
    this.client.send("MONITOR", ["+", talk.name]);
    if (this.client.can("draft/read-marker")) this.client.send("MARKREAD", [talk.name]);
    return this.entered(talk);
  }

  /** @param {Conversation} talk */
  older(talk) {
    const { first, atStart } = talk.transcript;
    if (atStart.value || !first) return Promise.resolve();
    return this.#once(talk, async () => {
      const page = await this.#ask(talk, "BEFORE", `msgid=${first.id}`, PAGE);
      talk.transcript.merge(page.readings);
      atStart.value = page.count < PAGE;
    });
  }

  /** @param {Conversation} talk */
  newer(talk) {
    const { last, atEnd } = talk.transcript;
    if (atEnd.value || !last) return Promise.resolve();
    return this.#once(talk, async () => {
      const page = await this.#ask(talk, "AFTER", `msgid=${last.id}`, PAGE);
      talk.transcript.merge(page.readings);
      atEnd.value = page.count < PAGE;
      this.recount(talk);
    });
  }

  /** Show what was said around a message. @param {Conversation} talk @param {string} id */
  async jump(talk, id) {
    if (!talk.transcript.find(id)) {
      await this.#once(talk, async () => {
        const page = await this.#ask(talk, "AROUND", `msgid=${id}`, PAGE);
        talk.transcript.clear();
        talk.transcript.merge(page.readings);
        talk.transcript.atEnd.value = false;
      });
    }
    talk.sought.value = "";
    talk.sought.value = id;
  }

  /** Back to what is said now. @param {Conversation} talk */
  toEnd(talk) {
    if (talk.transcript.atEnd.value) return Promise.resolve();
    talk.transcript.clear();
    return this.entered(talk);
  }

  /** Null for everywhere. @param {Conversation | null} talk @param {string} text @returns {Promise<{conversation: string, row: Row}[]>} */
  async search(talk, text) {
    const begun = text.replace(/(?<=[\p{L}\p{N}])$/u, "*"); // the last word may be the beginning of one
    const value = begun.replace(/[; \\]/g, (sign) => ({ ";": "\\:", " ": "\\s", "\\": "\\\\" })[sign] ?? "");
    const page = talk?.name ?? "";
    const items = await this.client.ask("SEARCH", [`${page && `in=${page};`}limit=50;text=${value}`]);
    const found = this.#readings(page, items).flatMap(({ conversation, row }) => (row && row.kind !== "event" && !this.client.house.ignores(row.nick) ? [{ conversation, row }] : []));
    return found.reverse();
  }

  // How far somebody has read.

  /** All of it is read. @param {Conversation} talk */
  read(talk) {
    const last = talk.transcript.last;
    if (!last || talk.stale || last.at <= talk.marker.value) return;
    talk.marker.value = last.at;
    this.recount(talk);
    if (!this.marks.has(talk)) this.marks.set(talk, setTimeout(() => this.#tellMarker(talk), MARK_MS));
  }

  /** We are somebody else now, who has read the same. */
  tellMarkers() {
    for (const talk of this.client.house.conversations.value) if (talk.marker.value) this.#tellMarker(talk);
  }

  /** Read on another device. @param {Conversation} talk @param {number} at */
  marked(talk, at) {
    talk.marker.value = at;
    this.recount(talk);
  }

  /** @param {Conversation} talk */
  recount(talk) {
    const { rows } = talk.transcript;
    let [unread, mentions] = [0, 0];
    for (let at = rows.length - 1; at >= 0 && rows[at].at > talk.marker.value; at -= 1) {
      if (!counts(rows[at]) || this.client.house.ignores(rows[at].nick)) continue;
      unread += 1;
      if (rows[at].mention || !talk.isRoom) mentions += 1;
    }
    talk.unread.value = unread;
    talk.mentions.value = mentions;
  }

  /** @param {Conversation} talk */
  #tellMarker(talk) {
    this.marks.delete(talk);
    if (!this.client.online || !this.client.can("draft/read-marker")) return;
    this.client.send("MARKREAD", [talk.name, `timestamp=${new Date(talk.marker.value).toISOString()}`]);
  }

  /** @param {Conversation} talk @param {Reading} reading */
  #show(talk, reading) {
    const { row } = reading;
    const fresh = talk.transcript.hear(reading);
    this.onChange(talk);
    if (!row || !counts(row) || this.client.house.ignores(row.nick) || (!fresh && talk.transcript.atEnd.value)) return;
    if (row.at <= talk.marker.value) return;
    if (this.isRead(talk)) {
      this.read(talk);
      return;
    }
    if (!talk.newSince.value) talk.newSince.value = talk.marker.value || row.at - 1;
    talk.unread.value += 1;
    if (row.mention || !talk.isRoom) talk.mentions.value += 1;
    this.client.onNews(talk, row);
  }

  /** What was missed, in one question; where that is more than one answer holds, it is reached by scrolling up. @param {Conversation} talk */
  async #fill(talk) {
    const { transcript } = talk;
    const { last } = transcript;
    const limit = last ? MISSED : FIRST;
    let page = await this.#ask(talk, "LATEST", last ? `msgid=${last.id}` : "*", limit);
    if (page.unknown) page = await this.#ask(talk, "LATEST", "*", limit);
    if (last && (page.count >= limit || page.unknown)) transcript.clear();
    if (transcript.atEnd.value) transcript.merge(page.readings);
    if (!last) transcript.atStart.value = page.count < limit;
    talk.stale = false;
    for (const reading of talk.held.splice(0)) this.#show(talk, reading);
    if (talk.isRoom && !talk.marker.value && transcript.last) {
      talk.marker.value = transcript.last.at; // a newcomer has read nothing yet, and misses nothing
      this.#tellMarker(talk);
    }
    this.recount(talk);
    if (talk.unread.value) talk.newSince.value = talk.marker.value;
    if (this.isRead(talk)) this.read(talk);
    this.client.posting.settle(talk);
    this.onChange(talk);
  }

  /** @param {Conversation} talk @param {string} verb @param {string} bound @param {number} limit */
  async #ask(talk, verb, bound, limit) {
    if (!this.client.can("draft/chathistory")) return { readings: [], count: 0, unknown: false };
    try {
      const items = await this.client.ask("CHATHISTORY", [verb, talk.name, bound, String(limit)]);
      const readings = this.#readings(talk.name, items);
      return { readings, count: items.filter(isBatch).reduce((sum, { items: all }) => sum + all.length, 0), unknown: false };
    } catch (why) {
      if (!this.client.online) throw why;
      return { readings: [], count: 0, unknown: bound !== "*" };
    }
  }

  /** @param {string} page @param {import("./batches.js").Item[]} items */
  #readings(page, items) {
    const { house } = this.client;
    const scene = { isMe: (/** @type {string} */ nick) => house.isMe(nick), namesMe: (/** @type {string} */ text) => house.namesMe(text), features: house.features, page };
    return flat(items).flatMap((line) => read(line, scene) ?? []);
  }

  /** One question at a time for each conversation. @param {Conversation} talk @param {() => Promise<void>} work */
  async #once(talk, work) {
    while (this.asking.has(talk)) await this.asking.get(talk);
    const asked = work().catch(() => {}).finally(() => {
      if (this.asking.get(talk) === asked) this.asking.delete(talk);
    });
    this.asking.set(talk, asked);
    return asked;
  }
}

/** Whether somebody is waiting to have it read. @param {Row} row */
function counts(row) {
  return !row.own && row.kind !== "event" && !row.removed;
}
