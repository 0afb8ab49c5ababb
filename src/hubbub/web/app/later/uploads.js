// Sharing files: each is sent at once, goes on by itself after a cut, and its link goes with the next message.
// https://datatracker.ietf.org/doc/draft-ietf-httpbis-resumable-upload/ and
// https://codeberg.org/emersion/soju/src/branch/master/doc/ext/filehost.md

import { base64 } from "../registration.js";
import { classes, html, signal } from "../ui.js";

/** @typedef {import("../session.js").Session} Session */

const BACK_OFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000]; // while nothing more gets through
const FOR_NOW = new Set([0, 409, 502, 503, 504]); // no connection, one of ours that is in the way, a server that starts

/** One file on its way. */
export class Upload {
  /** @param {File} file @param {Session} session */
  constructor(file, session) {
    this.file = file;
    /** From 0 to 1. */
    this.progress = signal(0);
    /** Where others find it, when it is there. */
    this.link = signal("");
    this.problem = signal("");
    this.shelf = new URL(session.house.features.get("soju.im/FILEHOST")).pathname;
    this.basic = basicOf(session);
    /** Where to go on with it; "" while it has not begun. */
    this.place = "";
    /** How much of it the server has. */
    this.kept = 0;
    this.stopped = false;
    this.request = new XMLHttpRequest(); // fetch tells nobody how far it is
  }

  async send() {
    for (let tries = 0; ; tries += 1) {
      const before = this.kept;
      if ((await this.#try()) || this.stopped) return;
      if (this.kept > before) tries = 0;
      if (tries === BACK_OFF_MS.length) break;
      await later(BACK_OFF_MS[tries]);
    }
    this.problem.value = "The connection broke";
  }

  stop() {
    this.stopped = true;
    this.request.abort();
    if (this.place && !this.link.value) fetch(this.place, { method: "DELETE", headers: { Authorization: this.basic }, keepalive: true }).catch(() => {});
  }

  /** @returns {Promise<boolean>} whether it is over, well or not */
  async #try() {
    const told = await (this.place ? this.#ask("HEAD", this.place, {}) : this.#begin());
    const found = told.getResponseHeader("Content-Location");
    if (found) this.link.value = found;
    if (found || this.stopped) return true;
    if (told.status === 404 && this.place) this.place = ""; // the server has been started anew
    if (told.status === 404) this.kept = 0;
    if (!this.place || told.status > 204 || !told.status) return this.#isOver(told);
    this.kept = Number(told.getResponseHeader("Upload-Offset"));
    const about = { "Content-Type": "application/partial-upload", "Upload-Offset": String(this.kept), "Upload-Complete": "?1" };
    const sent = await this.#ask("PATCH", this.place, about, this.file.slice(this.kept));
    if (sent.status === 201) this.link.value = sent.getResponseHeader("Location") ?? "";
    return sent.status === 201 || this.#isOver(sent);
  }

  async #begin() {
    const name = `attachment; filename*=UTF-8''${encodeURIComponent(this.file.name)}`;
    const begun = await this.#ask("POST", this.shelf, { "Content-Disposition": name, "Upload-Complete": "?0", "Upload-Length": String(this.file.size) });
    if (begun.status === 201) this.place = new URL(begun.getResponseHeader("Location") ?? "", location.href).pathname;
    return begun;
  }

  /** @param {XMLHttpRequest} answer */
  #isOver({ status, responseText }) {
    if (FOR_NOW.has(status) || (status === 404 && !this.place)) return false;
    this.problem.value = responseText.trim() || `The server answered ${status}`;
    return true;
  }

  /** @param {string} method @param {string} path @param {Record<string, string>} headers @param {Blob} [body] @returns {Promise<XMLHttpRequest>} */
  #ask(method, path, headers, body) {
    const request = new XMLHttpRequest();
    this.request = request;
    request.open(method, path);
    for (const [name, value] of Object.entries({ Authorization: this.basic, ...headers })) request.setRequestHeader(name, value);
    if (body) {
      request.upload.onprogress = ({ loaded }) => {
        this.progress.value = (this.kept + loaded) / this.file.size;
      };
    }
    return new Promise((resolve) => {
      request.onloadend = () => resolve(request);
      request.send(body);
    });
  }
}

/** Who we are, as the place for files is shown it. @param {Session} session */
export function basicOf(session) {
  const { account, password } = session.identity.value ?? {};
  return `Basic ${base64(`${account}:${password}`)}`;
}

/** What of the files in a composer is seen. @param {{uploads: Upload[], drop: (upload: Upload) => void}} props */
export function Uploads({ uploads, drop }) {
  return html`<ul class="uploads">${uploads.map((upload) => html`<${Chip} key=${upload} upload=${upload} drop=${drop} />`)}</ul>`;
}

/** @param {{upload: Upload, drop: (upload: Upload) => void}} props */
function Chip({ upload, drop }) {
  const problem = upload.problem.value;
  return html`
    <li class=${classes({ chip: true, problem })}>
      <bdi>${upload.file.name}</bdi> <small>${problem || (upload.link.value ? sized(upload.file.size) : "")}</small>
      ${!problem && !upload.link.value && html`<progress value=${upload.progress.value} aria-label=${`Sharing ${upload.file.name}`}></progress>`}
      <button type="button" class="quiet" aria-label=${`Remove ${upload.file.name}`} onClick=${() => drop(upload)}>×</button>
    </li>`;
}

/** @param {number} bytes */
export function sized(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${(bytes / 1024 ** unit).toLocaleString("en", { maximumFractionDigits: unit ? 1 : 0 })} ${units[unit]}`;
}

/** After so long, or when there is a network again. @param {number} ms @returns {Promise<void>} */
function later(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
    addEventListener("online", () => resolve(), { once: true });
  });
}
