// What the views of the owner's page have in common: asking, showing a list of records, and asking twice before a deed.

import { flat } from "../../batches.js";
import { html, useEffect, useSignal } from "../../ui.js";

/** @typedef {import("../../session.js").Session} Session */
/** @typedef {{session: Session, desk: import("../../desk.js").Desk}} Props */
/** @typedef {import("../../ui.js").VNode} VNode */

/** The rows of one section; docs/extensions.md describes them. @param {Session} session @param {string[]} words @returns {Promise<string[][]>} rejects with Refusal */
export async function house(session, ...words) {
  const items = await session.client.ask("HOUSE", words, { quiet: true });
  return flat(items).flatMap(({ command, params }) => (command === "HOUSE" ? [params.slice(1)] : []));
}

/**
 * What is asked for when the view is shown, and whenever `again` is called; `found` is null before the first answer.
 * @template T
 * @param {() => Promise<T>} ask
 * @param {number} [every] in ms, by itself
 */
export function useAnswer(ask, every = 0) {
  const found = useSignal(/** @type {T | null} */ (null));
  const problem = useSignal("");
  const again = async () => {
    try {
      found.value = await ask();
      problem.value = "";
    } catch (why) {
      problem.value = /** @type {Error} */ (why).message;
    }
  };
  useEffect(() => {
    again();
    const timer = every ? setInterval(again, every) : 0;
    return () => clearInterval(timer);
  }, []);
  return { found: /** @type {T | null} */ (found.value), problem, again };
}

/** Do it, and look again; what the server says against it is told. @param {Session} session @param {() => Promise<unknown>} again @param {string} command @param {string[]} params */
export async function order(session, again, command, ...params) {
  try {
    await session.client.ask(command, params, { quiet: true });
  } catch (why) {
    session.tell(/** @type {Error} */ (why).message);
  }
  await again();
}

/**
 * @param {{problem: {value: string}, rows: unknown[] | null, none: string, children?: unknown}} props
 */
export function Records({ problem, rows, none, children }) {
  if (problem.value) return html`<p class="problem" role="alert">${problem.value}</p>`;
  if (!rows) return html`<p class="soft">One moment…</p>`;
  return rows.length ? html`<ul class="records">${children}</ul>` : html`<p class="soft">${none}</p>`;
}

/** A button that wants to be pressed twice: what it does cannot be undone. @param {{words: string, about: string, onSure: () => void}} props */
export function Sure({ words, about, onSure }) {
  const asked = useSignal(false);
  const press = () => {
    if (asked.value) onSure();
    asked.value = !asked.value;
  };
  return html`<button class="plain small" aria-label=${`${asked.value ? "Really " : ""}${words} ${about}`} onClick=${press} onBlur=${() => { asked.value = false; }}>${asked.value ? "Really?" : words}</button>`;
}

/** A time in the server's words, for people. @param {string} text */
export function when(text) {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? "" : at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
