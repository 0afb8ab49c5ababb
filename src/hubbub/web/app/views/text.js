// A text as elements: every piece of it becomes a text node, and only http and https become links.

import { html } from "../ui.js";
import { spans } from "../format.js";

/** @typedef {import("../format.js").Span} Span */

const ROOM = /(?<![\p{L}\p{N}_/])(#[^\s,:!?.()[\]<>"']+)/u;
const ELEMENTS = /** @type {const} */ ([["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"], ["code", "code"]]);

/** @param {string} text @param {import("../session.js").Session} session */
export function elements(text, session) {
  return spans(text).map((span) => (span.marks.has("block") ? html`<pre><code>${span.text}</code></pre>` : marked(span, session)));
}

/** @param {Span} span @param {import("../session.js").Session} session */
function marked(span, session) {
  if (span.href && session.ownFile(span.href)) return null; // shown below
  const inner = span.href ? html`<a href=${span.href} target="_blank" rel="noopener noreferrer nofollow">${span.text}</a>`
    : span.marks.has("code") ? span.text : withRooms(span.text, session);
  return ELEMENTS.reduce((/** @type {unknown} */ within, [mark, element]) => (span.marks.has(mark) ? html`<${element}>${within}<//>` : within), inner);
}

/** Rooms that are named can be gone into. @param {string} text @param {import("../session.js").Session} session */
function withRooms(text, session) {
  if (!text.includes("#")) return text;
  return text.split(ROOM).map((part, index) => (index % 2 ? html`<button class="link" onClick=${() => session.open(part)}>${part}</button>` : part));
}
