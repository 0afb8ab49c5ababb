// What was said, as a window of rows: the end of it, or wherever somebody has scrolled to; more is loaded at either end.

import { html, signal, useEffect, useLayoutEffect, useRef, useSignalEffect } from "../ui.js";
import { act } from "../deeds.js";
import { BLOCK, Listing } from "./listing.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../house.js").Conversation} Conversation */
/** @typedef {import("../reading.js").Row} Row */

const WINDOW = 300; // rows on the page: more would make every new one slower
const STEP = 100; // by which the window moves
const NEAR_PX = 600; // of an end from which on more is loaded
const END_PX = 40; // so near is at the end

/** @param {{session: Session, desk: Desk, talk: Conversation}} props */
export function Log({ session, desk, talk }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const scroll = useRef(/** @type {Scroll | null} */ (null));
  scroll.current ??= new Scroll(session, talk);
  const here = scroll.current;
  const listing = useRef(/** @type {Listing | null} */ (null));
  listing.current ??= new Listing(session, desk, talk);
  talk.transcript.changes.value;
  here.moved.value;

  useLayoutEffect(() => here.settle(/** @type {HTMLElement} */ (box.current)));
  useEffect(() => here.watch(/** @type {HTMLElement} */ (box.current)), []);
  useSignalEffect(() => {
    if (talk.sought.value) here.seek(talk.sought.value);
  });

  const blocks = listing.current.draw(here.rows(), here.start);
  return html`
    <section class="log" ref=${box} tabindex="0" role="log" aria-label=${`Messages in ${talk.name}`} onScroll=${() => here.scrolled()}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => steer(event, session, desk, talk)}
      onPointerMove=${(/** @type {PointerEvent} */ event) => point(event, desk)} onPointerLeave=${() => { desk.hot.value = idOf(document.activeElement); }}>
      <div>
        ${talk.transcript.atStart.value && html`<p class="beginning soft">This is where ${talk.isRoom ? "" : "your talk with "}${talk.name} begins.</p>`}
        ${blocks}
      </div>
    </section>
    ${(!talk.transcript.atEnd.value || here.away.value) && html`<button class="to-end" onClick=${() => here.toEnd()}>${talk.unread.value ? `${talk.unread.value} new` : "To the end"} ↓</button>`}`;
}

/** Where somebody reads, which stays where it is when rows come and go around it. */
class Scroll {
  /** @param {Session} session @param {Conversation} talk */
  constructor(session, talk) {
    this.session = session;
    this.talk = talk;
    /** @type {HTMLElement | null} */
    this.box = null;
    /** The last row of the window; "" for the last of all. */
    this.end = "";
    this.moved = signal(0);
    /** Whether the end is out of sight. */
    this.away = signal(false);
    this.follows = true;
    this.opened = false;
    /** @type {{id: string, top: number} | null} a row and where on the screen it is */
    this.anchor = null;
    this.wanted = "";
    /** How far down it could be scrolled when we last looked. */
    this.bottom = 0;
    /** Where we have scrolled to ourselves. */
    this.stayed = -1;
    this.pending = 0;
    this.loading = false;
    /** The number of the window's first row. */
    this.start = 0;
  }

  /** The rows of the window, which begins with a block: the oldest need not go with every new one. @returns {Row[]} */
  rows() {
    const { transcript } = this.talk;
    if (transcript.pending.length > this.pending) this.#follow(); // who speaks wants to see it
    this.pending = transcript.pending.length;
    const end = this.#end();
    const first = transcript.origin;
    this.start = Math.max(first, Math.floor((first + end - WINDOW) / BLOCK) * BLOCK);
    const shown = transcript.rows.slice(this.start - first, end);
    return end === transcript.rows.length && transcript.atEnd.value ? [...shown, ...transcript.pending] : shown;
  }

  /** @param {HTMLElement} box */
  watch(box) {
    this.box = box;
    const sizes = new ResizeObserver(() => {
      if (!this.follows || this.bottom !== lowest(box)) this.#stay(box);
      this.#more();
    });
    sizes.observe(box);
    if (box.firstElementChild) sizes.observe(box.firstElementChild); // pictures come later than their rows
    return () => sizes.disconnect();
  }

  /** Rows were drawn. @param {HTMLElement} box */
  settle(box) {
    this.box = box;
    const least = Math.min(this.bottom, lowest(box)); // fewer rows may have left less to scroll
    if (box.scrollTop < least - END_PX) this.follows = false; // scrolled, and not told yet
    if (!this.opened && this.talk.transcript.rows.length) this.#open(box);
    const sought = this.wanted ? rowIn(box, this.wanted) : null;
    if (sought) {
      this.wanted = "";
      this.follows = false;
      sought.scrollIntoView({ block: "center" });
      sought.focus({ preventScroll: true });
      sought.classList.add("sought");
      setTimeout(() => sought.classList.remove("sought"), 2_000);
    } else this.#stay(box);
    this.#remember(box);
  }

  /** Rows have come, gone or changed their size: what was in sight stays there. @param {HTMLElement} box */
  #stay(box) {
    const row = this.anchor && !this.follows ? rowIn(box, this.anchor.id) : null;
    if (this.follows) box.scrollTop = box.scrollHeight;
    else if (this.anchor && row) box.scrollTop += topOf(row, box) - this.anchor.top;
    this.bottom = lowest(box);
    this.stayed = box.scrollTop;
  }

  scrolled() {
    const { box } = this;
    if (!box || box.scrollTop === this.stayed) return; // that was us
    this.follows = this.#endsIn(box);
    this.#remember(box);
    this.#more();
  }

  /** @param {string} id */
  seek(id) {
    const { rows } = this.talk.transcript;
    const at = rows.findIndex((row) => row.id === id);
    if (at < 0) return;
    this.follows = false;
    this.wanted = id;
    this.#endAt(at + WINDOW / 2);
    this.#draw();
  }

  async toEnd() {
    this.#follow();
    this.#draw();
    await this.session.client.history.toEnd(this.talk);
  }

  #follow() {
    this.end = "";
    this.follows = true;
    this.bottom = 0;
  }

  /** What is new begins in sight. @param {HTMLElement} box */
  #open(box) {
    this.opened = true;
    const line = box.querySelector(".new-since");
    if (!(line instanceof HTMLElement) || box.scrollHeight - line.offsetTop < box.clientHeight * 0.8) return;
    box.scrollTop = line.offsetTop - box.clientHeight / 3;
    this.follows = this.#endsIn(box);
  }

  /** Whether the end is in sight. @param {HTMLElement} box */
  #endsIn(box) {
    return !this.end && lowest(box) - box.scrollTop < END_PX;
  }

  /** @param {HTMLElement} box */
  #remember(box) {
    const { transcript } = this.talk;
    this.bottom = lowest(box);
    this.away.value = this.bottom - box.scrollTop > box.clientHeight;
    const first = this.follows ? undefined : firstIn(box);
    this.anchor = first ? { id: first.dataset.id ?? "", top: topOf(first, box) } : null;
    const atEnd = this.follows && transcript.atEnd.value;
    this.session.atEnd = atEnd;
    if (atEnd && this.session.attends(this.talk)) this.session.client.history.read(this.talk);
  }

  async #more() {
    const { box, talk } = this;
    if (!box || this.loading || !box.clientHeight) return;
    const above = box.scrollTop;
    const below = lowest(box) - above;
    const { rows, atStart, atEnd } = talk.transcript;
    const end = this.#end();
    this.loading = true;
    if (above < NEAR_PX && end > WINDOW) this.#endAt(end - STEP);
    else if (above < NEAR_PX && !atStart.value && rows.length && this.session.client.online) await this.#older();
    else if (below < NEAR_PX && end < rows.length) this.#endAt(end + STEP);
    else if (below < NEAR_PX && !atEnd.value && this.session.client.online) await this.session.client.history.newer(talk);
    this.loading = false;
  }

  async #older() {
    const before = this.talk.transcript.rows.length;
    await this.session.client.history.older(this.talk);
    if (this.talk.transcript.rows.length > before) requestAnimationFrame(() => this.#more());
  }

  /** Also asked from an effect, which would come again and again if it looked at what it changes. */
  #draw() {
    this.moved.value = this.moved.peek() + 1;
  }

  /** The index behind the window's last row. */
  #end() {
    const { rows } = this.talk.transcript;
    const at = this.end ? rows.findLastIndex((row) => row.id === this.end) : -1;
    return at < 0 ? rows.length : at + 1;
  }

  /** @param {number} end */
  #endAt(end) {
    const { rows } = this.talk.transcript;
    this.end = end >= rows.length ? "" : rows[Math.max(end, Math.min(WINDOW, rows.length)) - 1]?.id ?? "";
    this.#draw();
  }
}

/** @param {HTMLElement} box @param {string} id */
function rowIn(box, id) {
  return /** @type {HTMLElement | null} */ (box.querySelector(`[data-id="${CSS.escape(id)}"]`));
}

/** The first row that is not above what is in sight, halving: each one asked is measured. @param {HTMLElement} box @returns {HTMLElement | undefined} */
function firstIn(box) {
  const rows = /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("[data-id]"));
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (rows[middle].offsetTop + rows[middle].offsetHeight > box.scrollTop) to = middle;
    else from = middle + 1;
  }
  return rows[from];
}

/** How far down a box can be scrolled. @param {HTMLElement} box */
function lowest(box) {
  return box.scrollHeight - box.clientHeight;
}

/** @param {HTMLElement} row @param {HTMLElement} box */
function topOf(row, box) {
  return row.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

/** A row that came beneath a pointer at rest is not pointed at. @param {PointerEvent} event @param {Desk} desk */
function point(event, desk) {
  const id = event.target instanceof Element ? idOf(event.target) : "";
  if (id && event.pointerType === "mouse") desk.hot.value = id;
}

/** The row that something is in. @param {Element | null} element */
function idOf(element) {
  const row = element?.closest("[data-id]");
  return (row instanceof HTMLElement && row.dataset.id) || "";
}

/** The keys of the row that has the keyboard. @param {KeyboardEvent} event @param {Session} session @param {Desk} desk @param {Conversation} talk */
function steer(event, session, desk, talk) {
  const box = /** @type {HTMLElement} */ (event.currentTarget);
  if (event.ctrlKey || event.metaKey || event.altKey || (event.target instanceof Element && event.target.closest("button, a, input"))) return;
  const rows = /** @type {HTMLElement[]} */ ([...box.querySelectorAll("article[data-id]")]);
  const at = rows.findIndex((row) => row === document.activeElement);
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step) {
    event.preventDefault();
    rows.at(at < 0 ? -1 : Math.min(Math.max(at + step, 0), rows.length - 1))?.focus();
    return;
  }
  if (event.key === "Escape") desk.write();
  const row = rows[at] && talk.transcript.find(rows[at].dataset.id ?? "");
  if (row && act(session, desk, talk, row, event.key)) event.preventDefault();
}
