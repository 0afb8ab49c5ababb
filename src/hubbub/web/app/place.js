// Where the page came from, and what its address says.

const KEY = "hubbub.device"; // in localStorage

/**
 * `network` is what the place calls itself; `invite` a code and `room` a name that the address holds, or "".
 * @typedef {{url: string, network: string, assets: string, invite: string, room: string, nick: string}} Place
 */

/** @param {Document} page @param {Location} address @returns {Place} */
export function placeOf(page, address) {
  const said = (/** @type {string} */ name) => page.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";
  const url = new URL("/ws", address.href);
  url.protocol = url.protocol.replace("http", "ws");
  const [, invite = ""] = /^\/j\/([\w-]+)$/i.exec(address.pathname) ?? [];
  const room = /^#[^\s,]+$/.test(decoded(address.hash)) ? decoded(address.hash) : "";
  return { url: url.href, network: said("application-name"), assets: said("assets"), invite, room, nick: "" };
}

/** A secret of this device, by which a server knows a guest again. */
export function deviceKey() {
  const known = localStorage.getItem(KEY) ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  localStorage.setItem(KEY, known);
  return known;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
