// What views are made of.

import htm from "../vendor/htm.js";
import { h } from "../vendor/preact.js";
import { signal } from "../vendor/signals.js";

export const html = htm.bind(h);
export { Fragment, render } from "../vendor/preact.js";
export { useEffect, useLayoutEffect, useRef } from "../vendor/hooks.js";
export { batch, computed, effect, signal, useComputed, useSignal, useSignalEffect } from "../vendor/signals.js";

/** @typedef {import("../vendor/preact.js").VNode} VNode */

/** Whether there is a keyboard besides one on the screen, which would hide what somebody has just opened. */
export const HAS_KEYS = matchMedia("(pointer: fine)").matches;

/** Class names of those that hold. @param {Record<string, unknown>} given */
export function classes(given) {
  return Object.keys(given).filter((name) => given[name]).join(" ");
}

/** How often we have been let in: what could not be fetched is asked for again then. */
export const arrivals = signal(0);
const MISSING = "This part of the page could not be fetched: is the server there?";

/**
 * A view that comes when it is first wanted: what most visits do without is no part of the first load.
 * @template T
 * @param {() => Promise<T>} load its module; a browser tries anew each time
 * @param {keyof T} name
 * @param {boolean} [quiet] whether it is not missed by anybody: nobody asked for it
 */
export function later(load, name, quiet = false) {
  const found = signal(/** @type {{view: unknown} | null} */ (null));
  const failed = signal(-1); // at which arrival
  const again = () => {
    failed.value = -1;
  };
  /** @param {object} props */
  return (props) => {
    if (found.value) return html`<${found.value.view} ...${props} />`;
    if (failed.value === arrivals.value) return quiet ? null : html`<p class="missing" role="alert">${MISSING} <button type="button" class="link" onClick=${again}>Try again</button></p>`;
    load().then((module) => {
      found.value ??= { view: module[name] };
    }, () => {
      failed.value = arrivals.value;
    });
    return null;
  };
}

/**
 * The same for what is no view: null where it cannot be fetched, which is told.
 * @template T
 * @param {Promise<T>} module
 * @param {(text: string) => void} [tell]
 */
export function fetched(module, tell) {
  return module.catch(() => {
    tell?.(MISSING);
    return null;
  });
}

/** One of eight colours for a name, the same on every device. @param {string} nick */
export function hue(nick) {
  let sum = 0;
  for (const letter of nick.toLowerCase()) sum = (sum * 31 + /** @type {number} */ (letter.codePointAt(0))) >>> 0;
  return `hue-${sum % 8}`;
}
