// The rows of a window as elements, with what stands between them, in blocks; what is made of the same as the last time is
// the very same element, which is neither compared nor laid out again.

import { html } from "../ui.js";
import { day, nextDay } from "../time.js";
import { Events, Message } from "./row.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../house.js").Conversation} Conversation */
/** @typedef {import("../reading.js").Row} Row */
/** @typedef {import("../ui.js").VNode} VNode */
/** @typedef {{of: unknown[], drawn: VNode}} Kept */

export const BLOCK = 50; // rows; a new one costs its own block, and one look at each other
const GROUP_MS = 300_000; // in which somebody's messages stand under one name

export class Listing {
  /** @param {Session} session @param {Desk} desk @param {Conversation} talk */
  constructor(session, desk, talk) {
    this.props = { session, desk, talk };
    /** Elements as they were drawn last, by key. @type {Map<string, Kept>} */
    this.before = new Map();
    /** Those that are being drawn. @type {Map<string, Kept>} */
    this.now = new Map();
  }

  /** @param {Row[]} rows @param {number} start the number of the first of them @returns {VNode[]} */
  draw(rows, start) {
    [this.before, this.now] = [this.now, new Map()];
    /** @type {Map<number, VNode[]>} */
    const blocks = new Map();
    for (const [index, item] of this.#items(rows)) {
      const number = Math.floor((start + index) / BLOCK);
      const block = blocks.get(number);
      if (block) block.push(item);
      else blocks.set(number, [item]);
    }
    return [...blocks].map(([number, items]) => this.#keep(`block ${number}`, items, (key) => html`<div class="block" key=${key}>${items}</div>`));
  }

  /** What is drawn, each with the index of the row that it belongs to. @param {Row[]} rows @returns {Generator<[number, VNode]>} */
  *#items(rows) {
    const since = this.props.talk.newSince.value;
    let midnight = 0;
    let marked = since === 0 || (rows[0]?.at ?? 0) > since; // the line stands between two rows, not above all
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index];
      const newDay = row.at >= midnight;
      if (newDay) {
        midnight = nextDay(row.at);
        yield [index, this.#keep(`day ${midnight}`, [], (key) => html`<div class="line" key=${key}><span>${day(row.at)}</span></div>`)];
      }
      const isNew = !marked && row.at > since && !row.own && row.kind !== "event";
      if (isNew) {
        yield [index, this.#keep("new", [], (key) => html`<div class="line new-since" key=${key} role="separator"><span>New</span></div>`)];
        marked = true;
      }
      if (row.kind === "event") {
        const first = index;
        while (rows[index + 1]?.kind === "event" && rows[index + 1].at < midnight) index += 1;
        yield [first, this.#events(rows.slice(first, index + 1))];
      } else {
        const before = rows[index - 1];
        yield [index, this.#message(row, !newDay && !isNew && before !== undefined && goesOn(before, row))];
      }
    }
  }

  /** @param {Row[]} rows */
  #events(rows) {
    return this.#keep(`event ${rows[0].id || rows[0].at}`, rows, (key) => html`<${Events} key=${key} rows=${rows} />`);
  }

  /** @param {Row} row @param {boolean} grouped */
  #message(row, grouped) {
    const { desk } = this.props;
    const [hot, picking] = [desk.hot.value === row.id, desk.picking.value === row.id];
    return this.#keep(row.id || String(row.at), [row, grouped, hot, picking], (key) => html`<${Message} key=${key} row=${row} grouped=${grouped} hot=${hot} picking=${picking} ...${this.props} />`);
  }

  /** The element of that key: as it was, where it is made of the same. @param {string} key @param {unknown[]} of @param {(key: string) => unknown} make @returns {VNode} */
  #keep(key, of, make) {
    const known = this.before.get(key);
    const same = known?.of.length === of.length && of.every((part, at) => part === known.of[at]);
    const kept = same ? known : { of, drawn: /** @type {VNode} */ (make(key)) };
    this.now.set(key, kept);
    return kept.drawn;
  }
}

/** Whether a message stands under the name of the one before it. @param {Row} before @param {Row} row */
function goesOn(before, row) {
  return before.nick === row.nick && before.kind === row.kind && row.kind === "message" && row.at - before.at < GROUP_MS && !row.replyTo;
}
