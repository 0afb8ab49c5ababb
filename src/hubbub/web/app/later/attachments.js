// Files that were shared on this server, shown where they are linked. Nothing is ever fetched from anywhere else.

import { html, useEffect, useSignal } from "../ui.js";
import { links } from "../format.js";
import { sized } from "./uploads.js";

/** @typedef {{type: string, name: string, size: number}} About */

/** What is known of files, by address. @type {Map<string, Promise<About | null>>} */
const KNOWN = new Map();

/** @param {{text: string, session: import("../session.js").Session}} props */
export function Attachments({ text, session }) {
  const own = links(text).map((link) => session.ownFile(link)).filter(Boolean);
  return own.length ? html`<div class="files">${own.map((address) => html`<${Attachment} key=${address} address=${address} />`)}</div>` : null;
}

/** @param {{address: string}} props */
function Attachment({ address }) {
  const about = useSignal(/** @type {About | null | undefined} */ (undefined));
  useEffect(() => {
    look(address).then((found) => {
      about.value = found;
    });
  }, [address]);
  const found = about.value;
  if (!found) return found === null ? html`<a class="file soft" href=${address}>a file that is gone</a>` : null;
  if (found.type.startsWith("image/")) return html`<a class="picture" href=${address} target="_blank" rel="noopener"><img src=${address} alt=${found.name || "A picture"} loading="lazy" /></a>`;
  if (found.type.startsWith("video/")) return html`<video src=${address} controls preload="metadata" aria-label=${found.name || "A film"}></video>`;
  if (found.type.startsWith("audio/")) return html`<audio src=${address} controls preload="none" aria-label=${found.name || "A recording"}></audio>`;
  return html`<a class="file" href=${address} download="">📄 <bdi>${found.name || "a file"}</bdi> <small>${sized(found.size)}</small></a>`;
}

/** @param {string} address */
function look(address) {
  let known = KNOWN.get(address);
  if (!known) {
    known = fetch(address, { method: "HEAD" }).then((answer) => (answer.ok ? aboutIn(answer.headers) : null), () => null);
    KNOWN.set(address, known);
  }
  return known;
}

/** @param {Headers} headers @returns {About} */
function aboutIn(headers) {
  const [, name = ""] = /filename\*=UTF-8''([^;]+)/.exec(headers.get("Content-Disposition") ?? "") ?? [];
  return { type: headers.get("Content-Type") ?? "", name: decodeURIComponent(name), size: Number(headers.get("Content-Length")) };
}
