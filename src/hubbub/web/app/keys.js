// Keys that work everywhere on the page.

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./desk.js").Desk} Desk */

/** @param {KeyboardEvent} event @param {Session} session @param {Desk} desk */
export function shortcuts(event, session, desk) {
  const pressed = [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : "", event.key.length === 1 ? event.key.toUpperCase() : event.key].filter(Boolean).join("+");
  const deed = Object.hasOwn(KEYS, pressed) ? KEYS[pressed] : undefined;
  if (!deed || !session.identity.value) return;
  event.preventDefault();
  deed(session, desk);
}

/** @type {Record<string, (session: Session, desk: Desk) => void>} */
const KEYS = {
  F1: (_, desk) => {
    desk.dialog.value = "help";
  },
  F6: (_, desk) => {
    const log = document.querySelector(".log");
    if (log?.contains(document.activeElement)) desk.write();
    else /** @type {HTMLElement | undefined} */ ([...document.querySelectorAll(".log article")].at(-1))?.focus();
  },
  "Ctrl+K": (_, desk) => {
    desk.dialog.value = "jump";
  },
  "Ctrl+Shift+F": (_, desk) => {
    desk.searching.value = !desk.searching.value;
  },
  "Alt+ArrowUp": (session) => step(session, -1, () => true),
  "Alt+ArrowDown": (session) => step(session, 1, () => true),
  "Alt+Shift+ArrowUp": (session) => step(session, -1, (talk) => talk.unread.value > 0),
  "Alt+Shift+ArrowDown": (session) => step(session, 1, (talk) => talk.unread.value > 0),
};

/** @param {Session} session @param {number} by @param {(talk: import("./house.js").Conversation) => boolean} wanted */
function step(session, by, wanted) {
  const talks = session.house.conversations.value;
  const at = talks.findIndex((talk) => talk === session.house.active.value);
  const ordered = talks.map((_, index) => talks[(at + by * (index + 1) + talks.length * (talks.length + 1)) % talks.length]);
  const next = ordered.find(wanted);
  if (next) session.show(next);
}
