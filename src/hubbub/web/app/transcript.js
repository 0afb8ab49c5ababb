// One conversation's rows in order: what came live, pages of history, what was changed afterwards, what is on its way.
//
// The rows that are loaded have no hole. `atStart` and `atEnd` say whether there is more before and after them; what
// is said while the end is elsewhere is not taken in, it is in the log.

import { signal } from "../vendor/signals.js";

/** @typedef {import("./reading.js").Row} Row */
/** @typedef {import("./reading.js").Revision} Revision */
/** @typedef {import("./reading.js").Reading} Reading */

const LOADED_MOST = 10_000; // rows; older ones can be had again

export class Transcript {
  constructor() {
    /** @type {Row[]} by time */
    this.rows = [];
    /** The number of the first row: each keeps its own while others come before it, or go. */
    this.origin = 0;
    /** @type {Row[]} ours, without an answer */
    this.pending = [];
    this.atStart = signal(false);
    this.atEnd = signal(true);
    /** Counts changes, for views. */
    this.changes = signal(0);
    /** @type {Map<string, Row>} */
    this.known = new Map();
    /** @type {Map<string, Revision[]>} by the row they change */
    this.revisions = new Map();
    /** @type {Map<string, Revision>} reactions by their own id, which can be taken back by it */
    this.reactions = new Map();
  }

  /** @param {string} id */
  find(id) {
    return this.known.get(id);
  }

  /** The last message that the log has. @returns {Row | undefined} */
  get last() {
    return this.rows.findLast((row) => row.id !== "" && row.kind !== "event") ?? this.rows.findLast((row) => row.id !== "");
  }

  /** @returns {Row | undefined} */
  get first() {
    return this.rows.find((row) => row.id !== "");
  }

  /** Something was heard live. @param {Reading} reading @returns {boolean} whether it is new */
  hear(reading) {
    const fresh = reading.row ? this.#append(reading.row) : false;
    if (reading.revision) this.#keep(reading.revision);
    this.changes.value += 1;
    return fresh;
  }

  /** A page of history, wherever it belongs. @param {Reading[]} page @returns {number} how many rows were new */
  merge(page) {
    for (const { revision } of page) if (revision) this.#keep(revision);
    const fresh = page.flatMap(({ row }) => (row && this.#isNew(row) ? [row] : []));
    if (fresh.length) {
      const revised = fresh.map((row) => this.#revised(row));
      for (const row of revised) if (row.id) this.known.set(row.id, row);
      const [first] = this.rows;
      this.rows = [...this.rows, ...revised].sort((one, other) => one.at - other.at);
      if (first) this.origin -= this.rows.indexOf(first);
    }
    this.changes.value += 1;
    return fresh.length;
  }

  /** Begin anew elsewhere, or with nothing. */
  clear() {
    this.rows = [];
    this.known.clear();
    this.atStart.value = false;
    this.atEnd.value = true;
    this.changes.value += 1;
  }

  /** Put another row in a row's place. @param {string} id @param {Partial<Row>} change */
  change(id, change) {
    this.#replace(id, (row) => ({ ...row, ...change }));
    this.changes.value += 1;
  }

  /** A message of ours that has no answer yet; the same label again takes the place of the first. @param {Row} row */
  expect(row) {
    const at = this.pending.findIndex((known) => known.id === row.id);
    this.pending = at < 0 ? [...this.pending, row] : this.pending.with(at, row);
    this.changes.value += 1;
  }

  /** It has one, or is given up. @param {string} label */
  settle(label) {
    if (!this.pending.some((row) => row.id === label)) return;
    this.pending = this.pending.filter((row) => row.id !== label);
    this.changes.value += 1;
  }

  /** @param {Row} row */
  #append(row) {
    if (!this.atEnd.value || !this.#isNew(row)) return false;
    const revised = this.#revised(row);
    if (row.id) this.known.set(row.id, revised);
    const at = this.rows.length && this.rows[this.rows.length - 1].at > row.at
      ? this.rows.findLastIndex((other) => other.at <= row.at) + 1
      : this.rows.length;
    this.rows.splice(at, 0, revised);
    if (this.rows.length > LOADED_MOST) this.#forgetOldest();
    return true;
  }

  #forgetOldest() {
    const gone = this.rows.splice(0, LOADED_MOST / 10);
    for (const row of gone) this.known.delete(row.id);
    this.origin += gone.length;
    this.atStart.value = false;
  }

  /** @param {Row} row */
  #isNew(row) {
    if (row.id) return !this.known.has(row.id);
    return !this.rows.some((other) => other.at === row.at && other.nick === row.nick && other.text === row.text);
  }

  /** @param {Revision} revision */
  #keep(revision) {
    const taken = revision.verb === "redact" ? this.reactions.get(revision.target) : undefined;
    if (taken) {
      this.#keep({ ...taken, verb: "unreact", id: revision.id });
      return;
    }
    if (revision.verb === "react" && revision.id) this.reactions.set(revision.id, revision);
    const kept = this.revisions.get(revision.target) ?? [];
    if (revision.id && kept.some((other) => other.id === revision.id)) return;
    kept.push(revision);
    kept.sort((one, other) => one.at - other.at);
    this.revisions.set(revision.target, kept);
    this.#replace(revision.target, (row) => revise(row, revision));
  }

  /** @param {string} id @param {(row: Row) => Row} change */
  #replace(id, change) {
    if (!this.known.has(id)) return;
    const at = this.rows.findLastIndex((row) => row.id === id);
    this.rows[at] = change(this.rows[at]);
    this.known.set(id, this.rows[at]);
  }

  /** @param {Row} row */
  #revised(row) {
    return (this.revisions.get(row.id) ?? []).reduce(revise, row);
  }
}

/** @param {Row} row @param {Revision} revision @returns {Row} */
function revise(row, revision) {
  if (revision.verb === "redact") return { ...row, removed: true, text: "", reactions: [], mention: false };
  if (revision.verb === "edit") return { ...row, text: unwrapped(revision.text), edited: true };
  const others = row.reactions.map(({ emoji, nicks }) => {
    const left = emoji === revision.text ? nicks.filter((nick) => nick !== revision.nick) : nicks;
    return { emoji, nicks: left };
  });
  if (revision.verb === "unreact") return { ...row, reactions: others.filter(({ nicks }) => nicks.length) };
  const known = others.find(({ emoji }) => emoji === revision.text);
  if (known) known.nicks = [...known.nicks, revision.nick];
  else others.push({ emoji: revision.text, nicks: [revision.nick] });
  return { ...row, reactions: others };
}

/** @param {string} text */
function unwrapped(text) {
  return text.replace(/^\x01ACTION (.*?)\x01?$/s, "$1");
}
