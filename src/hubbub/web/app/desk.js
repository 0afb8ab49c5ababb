// What of the page is open: drawers on a phone, the list of people, a dialog, what is searched for.

import { signal } from "../vendor/signals.js";

/** @typedef {"" | "rooms" | "people"} Drawer */
/** @typedef {"" | "join" | "invite" | "account" | "help" | "jump"} DialogName */

export class Desk {
  constructor() {
    this.drawer = signal(/** @type {Drawer} */ (""));
    this.dialog = signal(/** @type {DialogName} */ (""));
    /** Whether the list of people is shown where there is room for it. */
    this.people = signal(true);
    /** Whether what was said is being searched. */
    this.searching = signal(false);
    /** What for. */
    this.sought = signal("");
    /** Whether in all conversations. */
    this.everywhere = signal(false);
    /** The row that has the keyboard or the pointer, with the tools that belong to it. */
    this.hot = signal("");
    /** The row that an emoji is being chosen for; "composer" for the text. */
    this.picking = signal("");
    /** Whether the page of who runs the place is shown instead of a room. */
    this.owner = signal(false);
    /** Called to give the keyboard to the composer. */
    this.write = () => {};
    /** Called with text to be put into the composer. @type {(text: string) => void} */
    this.insert = () => {};
    /** Called with files to be shared. @type {(files: File[]) => void} */
    this.share = () => {};
  }

  /** Show what the address says. @param {import("./place.js").Place} place */
  follow(place) {
    this.owner.value = place.isOwners;
  }

  /** Leave the page of who runs the place. */
  toRooms() {
    if (this.owner.value) history.replaceState(null, "", location.pathname);
    this.owner.value = false;
  }
}
