// Sharing files: each is sent at once, and its link goes with the next message.
// https://codeberg.org/emersion/soju/src/branch/master/doc/ext/filehost.md

import { signal } from "../vendor/signals.js";
import { base64 } from "./registration.js";

/** @typedef {import("./session.js").Session} Session */

/** One file on its way. */
export class Upload {
  /** @param {File} file */
  constructor(file) {
    this.file = file;
    /** From 0 to 1. */
    this.progress = signal(0);
    /** Where others find it, when it is there. */
    this.link = signal("");
    this.problem = signal("");
    this.request = new XMLHttpRequest(); // fetch tells nobody how far it is
  }

  /** @param {Session} session */
  send(session) {
    const { account, password } = session.identity.value ?? {};
    this.request.open("POST", new URL(session.house.features.get("soju.im/FILEHOST")).pathname);
    this.request.setRequestHeader("Authorization", `Basic ${base64(`${account}:${password}`)}`);
    this.request.setRequestHeader("Content-Disposition", `attachment; filename*=UTF-8''${encodeURIComponent(this.file.name)}`);
    this.request.upload.onprogress = ({ loaded, total }) => {
      this.progress.value = loaded / total;
    };
    this.request.onload = () => this.#done();
    this.request.onerror = () => {
      this.problem.value = "The connection broke";
    };
    this.request.send(this.file);
  }

  stop() {
    this.request.abort();
  }

  #done() {
    const { status, responseText } = this.request;
    if (status === 201) this.link.value = this.request.getResponseHeader("Location") ?? "";
    else this.problem.value = responseText.trim() || `The server answered ${status}`;
  }
}

/** Why files cannot be shared now, in a sentence; "" where they can. @param {Session} session */
export function objection(session) {
  if (session.place.isBridged) return "Files are shared from the page of the server itself: this one comes from your own computer";
  if (!session.house.features.get("soju.im/FILEHOST")) return "Files cannot be shared on this server";
  if (!session.house.account.value || !session.identity.value?.password) return "Sharing files needs an account: keep your name first (click on it, below the list of rooms)";
  return "";
}

/** @param {number} bytes */
export function sized(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${(bytes / 1024 ** unit).toLocaleString(undefined, { maximumFractionDigits: unit ? 1 : 0 })} ${units[unit]}`;
}
