// Links that bring others in. The commands behind them are described in docs/extensions.md.

import { flat } from "../batches.js";

/** @typedef {{code: string, link: string, words: string}} Made */

/** @param {import("../session.js").Session} session @param {string} room @param {string} lasts as "2h" @param {string} uses how often, "*" for any @returns {Promise<Made>} rejects with Refusal */
export async function make(session, room, lasts, uses) {
  const items = await session.client.ask("INVITATION", ["CREATE", room, lasts, uses], { quiet: true });
  const [, code = "", , until = "", , page = "*"] = flat(items).find(({ command }) => command === "INVITATION")?.params ?? [];
  const end = Date.parse(until);
  const words = Number.isNaN(end) ? "It holds until it is taken back." : `It holds until ${new Date(end).toLocaleString()}.`;
  return { code, link: linkOf(code, page), words };
}

/** By the address that this page was opened by, or where that is nobody else's, by the server's own. @param {string} code @param {string} page "*" where it is not known */
export function linkOf(code, page) {
  return isLocal(location.hostname) && page !== "*" ? page : new URL(`/j/${code}`, location.href).href;
}

/** Whether nobody else reaches it. @param {string} host */
export function isLocal(host) {
  return /^(localhost|127\..*|\[::1\])$/.test(host);
}

/** Where the page came by plain HTTP there is no clipboard but the old one. @param {string} text */
export async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector(".made .address"));
  field?.select();
  document.execCommand("copy");
}
