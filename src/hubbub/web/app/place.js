// Where the page came from, and what its address says.

const KEY = "hubbub.device"; // in localStorage

/** Where in the page one runs the place. */
export const OWNERS = "#/owner";

/**
 * `base` is the path that all of the page lies under; the page `isBridged` where `hubbub web` serves it, not the server.
 * `network` is what the place calls itself; `invite` a code and `room` a name that the address holds, or ""; it `isOwners` where
 * that leads to the page of who runs the place.
 * @typedef {{url: string, base: string, isBridged: boolean, network: string, assets: string, invite: string, room: string, isOwners: boolean, nick: string}} Place
 */

/** @param {Document} page @param {Location} address @returns {Place} */
export function placeOf(page, address) {
  const said = (/** @type {string} */ name) => page.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";
  const base = said("base") || "/";
  const url = new URL(`${base}ws`, address.href);
  url.protocol = url.protocol.replace("http", "ws");
  const [, invite = ""] = /^j\/([\w-]+)$/i.exec(address.pathname.slice(base.length)) ?? [];
  const isOwners = address.hash === OWNERS;
  const room = !isOwners && /^#[^\s,]+$/.test(decoded(address.hash)) ? decoded(address.hash) : "";
  return { url: url.href, base, isBridged: base !== "/", network: said("application-name"), assets: said("assets"), invite, room, isOwners, nick: "" };
}

/** A secret of this device, by which a server knows a guest again. */
export function deviceKey() {
  const told = document.querySelector('meta[name="device"]')?.getAttribute("content"); // one that has shown an invite already
  const known = told || (localStorage.getItem(KEY) ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
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
