// Where the page came from, and what its address says.

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

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
