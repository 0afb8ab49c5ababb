// The rows of a window as elements, with what stands between them, in blocks; a block that is made of the same as the last
// time is the very same element, which is neither compared nor laid out again.

import { html } from "../ui.js";
import { day, nextDay } from "../time.js";
import { Events, Message } from "./row.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../house.js").Conversation} Conversation */
/** @typedef {import("../reading.js").Row} Row */
/** @typedef {import("../ui.js").VNode} VNode */
/** @typedef {{of: unknown[], drawn: VNode}} Kept */
/** @typedef {{midnight: number, marked: boolean}} Sofar which day has been named, and whether what is new has been */
/** @typedef {{number: number, first: number, end: number}} Span the rows of a block, from the first up to the end */
/** @typedef {{of: unknown[], drawn: VNode, items: Map<string, Kept>, after: Sofar}} Drawn */

export const BLOCK = 25; // rows; a new one costs its own block, and one look at each other
const GROUP_MS = 300_000; // in which somebody's messages stand under one name

export class Listing {
  /** @param {Session} session @param {Desk} desk @param {Conversation} talk */
  constructor(session, desk, talk) {
    this.props = { session, desk, talk };
    /** As they were drawn last, by number. @type {Map<number, Drawn>} */
    this.blocks = new Map();
  }

  /** @param {Row[]} rows @param {number} start the number of the first of them @returns {VNode[]} */
  draw(rows, start) {
    const since = this.props.talk.newSince.value;
    const chosen = this.#chosen(rows);
    let sofar = { midnight: 0, marked: since === 0 || (rows[0]?.at ?? 0) > since }; // the line stands between two rows, not above all
    /** @type {Map<number, Drawn>} */
    const blocks = new Map();
    for (const span of cut(rows, start)) {
      const block = this.#block(rows, span, sofar, [since, ...chosen.map((at) => at >= span.first && at < span.end && at)]);
      blocks.set(span.number, block);
      sofar = block.after;
    }
    this.blocks = blocks;
    return [...blocks.values()].map(({ drawn }) => drawn);
  }

  /** Where the rows are that are pointed at, or that an emoji is chosen for; -1 for nowhere. @param {Row[]} rows */
  #chosen(rows) {
    const { talk, desk } = this.props;
    return [desk.hot, desk.picking].map(({ value }) => rows.lastIndexOf(/** @type {Row} */ (talk.transcript.find(value))));
  }

  /** The block as it was, where it is made of the same. @param {Row[]} rows @param {Span} span @param {Sofar} sofar @param {unknown[]} marks @returns {Drawn} */
  #block(rows, { number, first, end }, sofar, marks) {
    const known = this.blocks.get(number);
    const of = [sofar.midnight, sofar.marked, ...marks, ...rows.slice(Math.max(0, first - 1), end)];
    if (known && same(known.of, of)) return known;
    const pen = new Pen(this.props, known?.items, sofar);
    pen.draw(rows, first, end);
    const drawn = /** @type {VNode} */ (html`<${Block} key=${number} items=${pen.drawn} />`);
    return { of, drawn, items: pen.items, after: pen.sofar };
  }
}

/** A component, since Preact compares elements even with themselves. @param {{items: VNode[]}} props */
function Block({ items }) {
  return html`<div class="block">${items}</div>`;
}

/** Where the blocks begin and end: comings and goings in a row stay in one. @param {Row[]} rows @param {number} start @returns {Span[]} */
function cut(rows, start) {
  const found = [];
  for (let first = 0; first < rows.length;) {
    const number = Math.floor((start + first) / BLOCK);
    let end = Math.min((number + 1) * BLOCK - start, rows.length);
    while (end < rows.length && rows[end].kind === "event" && rows[end - 1].kind === "event") end += 1;
    found.push({ number, first, end });
    first = end;
  }
  return found;
}

/** Draws a block: day by day, with a line above what is new, and comings and goings folded. */
class Pen {
  /** @param {{session: Session, desk: Desk, talk: Conversation}} props @param {Map<string, Kept> | undefined} before elements of the same block @param {Sofar} sofar */
  constructor(props, before, sofar) {
    this.props = props;
    this.before = before;
    this.sofar = sofar;
    /** @type {Map<string, Kept>} */
    this.items = new Map();
    /** @type {VNode[]} */
    this.drawn = [];
  }

  /** @param {Row[]} rows @param {number} first @param {number} end */
  draw(rows, first, end) {
    for (let index = first; index < end; index += 1) {
      const row = rows[index];
      const isLined = this.#lines(row);
      if (row.kind === "event") {
        const from = index;
        while (index + 1 < end && rows[index + 1].kind === "event" && rows[index + 1].at < this.sofar.midnight) index += 1;
        this.#events(rows.slice(from, index + 1));
      } else this.#message(row, !isLined && index > 0 && goesOn(rows[index - 1], row));
    }
  }

  /** What stands above a row. @param {Row} row @returns {boolean} whether something does */
  #lines(row) {
    const since = this.props.talk.newSince.value;
    const isDay = row.at >= this.sofar.midnight;
    const isNew = !this.sofar.marked && row.at > since && !row.own && row.kind !== "event";
    if (isDay) {
      this.sofar = { ...this.sofar, midnight: nextDay(row.at) };
      this.#keep(`day ${this.sofar.midnight}`, [], (key) => html`<div class="line" key=${key}><span>${day(row.at)}</span></div>`);
    }
    if (isNew) {
      this.sofar = { ...this.sofar, marked: true };
      this.#keep("new", [], (key) => html`<div class="line new-since" key=${key} role="separator"><span>New</span></div>`);
    }
    return isDay || isNew;
  }

  /** @param {Row[]} rows */
  #events(rows) {
    this.#keep(`event ${rows[0].id || rows[0].at}`, rows, (key) => html`<${Events} key=${key} rows=${rows} />`);
  }

  /** @param {Row} row @param {boolean} grouped */
  #message(row, grouped) {
    const { desk } = this.props;
    const [hot, picking] = [desk.hot.value === row.id, desk.picking.value === row.id];
    this.#keep(row.id || String(row.at), [row, grouped, hot, picking], (key) => html`<${Message} key=${key} row=${row} grouped=${grouped} hot=${hot} picking=${picking} ...${this.props} />`);
  }

  /** The element of that key: as it was, where it is made of the same. @param {string} key @param {unknown[]} of @param {(key: string) => unknown} make */
  #keep(key, of, make) {
    const known = this.before?.get(key);
    const kept = known && same(known.of, of) ? known : { of, drawn: /** @type {VNode} */ (make(key)) };
    this.items.set(key, kept);
    this.drawn.push(kept.drawn);
  }
}

/** @param {unknown[]} one @param {unknown[]} other */
function same(one, other) {
  return one.length === other.length && one.every((part, at) => part === other[at]);
}

/** Whether a message stands under the name of the one before it. @param {Row} before @param {Row} row */
function goesOn(before, row) {
  return before.nick === row.nick && before.kind === row.kind && row.kind === "message" && row.at - before.at < GROUP_MS && !row.replyTo;
}
