// Choosing an emoji, by looking or by its name.

import { html, useEffect, useRef, useSignal } from "../ui.js";
import { GROUPS } from "./emoji.js";

/** @typedef {{name: string, emoji: [string, string][]}} Group */

const FOUND_MOST = 60;

/** @param {{desk: import("../desk.js").Desk, choose: (emoji: string) => void}} props */
export function Picker({ desk, choose }) {
  const wanted = useSignal("");
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const close = () => {
    desk.picking.value = "";
  };
  useEffect(() => {
    if (box.current) place(box.current);
    box.current?.querySelector("input")?.focus();
    const outside = (/** @type {Event} */ event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, []);
  const take = (/** @type {string} */ emoji) => () => {
    close();
    choose(emoji);
  };
  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = words.length ? [{ name: "Found", emoji: found(GROUPS, words) }] : GROUPS;
  return html`
    <div class="picker" ref=${box} role="dialog" aria-label="Emoji" onKeyDown=${(/** @type {KeyboardEvent} */ event) => walk(event, close)}>
      <input type="search" placeholder="Find an emoji" aria-label="Find an emoji" value=${wanted.value} onInput=${(/** @type {InputEvent} */ event) => { wanted.value = /** @type {HTMLInputElement} */ (event.target).value; }}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter" && words.length && shown[0].emoji[0]) { event.preventDefault(); take(shown[0].emoji[0][0])(); } }} />
      <div class="emoji" tabindex="-1">
        ${shown.map((group) => html`
          <section key=${group.name}>
            <h2>${group.name}</h2>
            ${group.emoji.map(([emoji, name]) => html`<button key=${emoji} title=${name} aria-label=${name} onClick=${take(emoji)}>${emoji}</button>`)}
          </section>`)}
      </div>
    </div>`;
}

/** Above or below the row that it belongs to, wherever there is room; that of the composer has its place. @param {HTMLElement} box */
function place(box) {
  const row = box.closest(".row")?.getBoundingClientRect();
  if (!row) return;
  box.popover = "manual"; // the log cuts off what hangs over its edge, but for this
  box.showPopover();
  const above = row.top - box.offsetHeight;
  box.style.left = `${Math.max(8, row.right - box.offsetWidth - 12)}px`;
  box.style.top = `${Math.max(8, above > 8 ? above : Math.min(row.bottom, innerHeight - box.offsetHeight - 8))}px`;
}

/** @param {Group[]} groups @param {string[]} words */
function found(groups, words) {
  return groups.flatMap(({ emoji }) => emoji).filter(([, name]) => words.every((word) => name.includes(word))).slice(0, FOUND_MOST);
}

/** Arrows go from one to the next. @param {KeyboardEvent} event @param {() => void} close */
function walk(event, close) {
  if (event.key === "Escape") {
    event.stopPropagation();
    close();
    return;
  }
  const all = /** @type {HTMLElement[]} */ ([.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll(".emoji button")]);
  const at = all.findIndex((button) => button === document.activeElement);
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -8, ArrowDown: at < 0 ? 1 : 8 }[event.key];
  if (!step || (at < 0 && event.key !== "ArrowDown")) return;
  event.preventDefault();
  event.stopPropagation();
  all[Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
}
