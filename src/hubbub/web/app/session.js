// One visitor of one server: who they are, the connection that is made again whenever it breaks, and what is kept of
// both on this device.

import { batch, effect, signal } from "../vendor/signals.js";
import { flat } from "./batches.js";
import { Client } from "./client.js";
import { House } from "./house.js";
import { Keep } from "./keep.js";
import { Notices } from "./notices.js";

/** @typedef {import("./house.js").Conversation} Conversation */
/** @typedef {import("./registration.js").Identity} Identity */

const KEPT = "hubbub"; // in localStorage; what else is there begins with it
/** There, too: of whom nothing is shown. */
export const IGNORED = "hubbub.ignored";
const BACK_OFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const BEAT_MS = 5_000;
const SILENCE_MS = 45_000; // after which we ask whether the server is still there
const ANSWER_MS = 15_000; // in which it has to answer
const UNSEEN_MS = 100; // how late lines may be taken in while nobody sees the page
const USUAL_ROOM = "#lobby";

export class Session {
  /** @param {import("./place.js").Place} place */
  constructor(place) {
    this.place = place;
    this.house = new House();
    this.client = new Client(this.house);
    this.keep = new Keep();
    this.notices = new Notices(this);
    /** Who we are; null while the entrance is shown. */
    this.identity = signal(/** @type {Identity | null} */ (null));
    /** Sentences for people, with a number to tell them apart. */
    this.notes = signal(/** @type {{id: number, text: string}[]} */ ([]));
    /** The device's password is kept here, not the one that somebody typed. */
    this.device = "";
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {string[]} what was heard and not taken in yet */
    this.lines = [];
    this.tries = 0;
    this.heard = 0;
    this.pinged = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {string[]} rooms to go into when we are let in */
    this.wishes = [];
    /** Whether we have been let in, on this connection or an earlier one. */
    this.entered = signal(false);
    /** Whether this device is to remember who we are. */
    this.stays = true;
    this.leaving = false;
    this.house.ignored.value = JSON.parse(localStorage.getItem(IGNORED) ?? "[]");
    this.client.onWelcome = () => this.#welcome();
    this.client.onRefused = (reason) => this.#refused(reason);
    this.client.onTold = (text) => this.tell(text);
    this.client.posting.onChange = () => this.save();
    this.client.history.isRead = (talk) => this.attends(talk);
    this.client.history.onChange = (talk) => this.keep.later(talk);
    /** Whether the end of the conversation in front is on the screen. */
    this.atEnd = true;
  }

  /** Come back as whoever we were here before; false where that was nobody. */
  resume() {
    const kept = this.#kept();
    if (!kept.identity) return false;
    this.device = kept.device ?? "";
    this.wishes = kept.rooms ?? [];
    this.entered.value = true;
    const { account, nick } = kept.identity;
    this.keep.load(account || `~${nick}`, (name) => this.house.talk(name)).then(() => {
      const front = this.house.find(kept.active ?? "");
      if (front && !this.house.active.value) this.show(front);
    });
    this.house.nick.value = nick;
    this.#begin(kept.identity);
    this.client.posting.restore(kept.posts ?? []);
    return true;
  }

  /** Come in. @param {Identity} identity @param {string[]} rooms @param {boolean} stays whether this device remembers it */
  enter(identity, rooms, stays) {
    this.stays = stays;
    this.house.problem.value = "";
    this.wishes = rooms;
    this.entered.value = false;
    this.#begin(identity);
  }

  /** Go, and leave nothing on this device. */
  async leave() {
    if (this.device) await this.client.ask("PRIVMSG", ["NickServ", `APP DEL ${this.device}`], { quiet: true }).catch(() => {});
    this.leaving = true;
    this.client.send("QUIT", []);
    for (const name of Object.keys(localStorage)) if (name.startsWith(KEPT)) localStorage.removeItem(name);
    await this.keep.forget();
    location.replace(this.place.base);
  }

  /** Say something to whoever sits here. @param {string} text */
  tell(text) {
    const id = (this.notes.value.at(-1)?.id ?? 0) + 1;
    this.notes.value = [...this.notes.value.slice(-3), { id, text }];
    setTimeout(() => this.dismiss(id), 6_000 + 60 * text.length);
  }

  /** @param {number} id */
  dismiss(id) {
    this.notes.value = this.notes.value.filter((note) => note.id !== id);
  }

  /** Have a conversation in front. @param {Conversation | null} talk */
  show(talk) {
    const before = this.house.active.value;
    if (before && before !== talk) before.newSince.value = 0;
    if (talk) talk.newSince.value = talk.unread.value ? talk.marker.value : 0;
    this.house.active.value = talk;
    this.save();
  }

  /** Go into a room, or to somebody, and have that in front. @param {string} name @param {string} [key] */
  async open(name, key = "") {
    const talk = this.house.find(name);
    if (talk?.present.value) {
      this.show(talk);
      return;
    }
    if (!this.house.features.isRoom(name)) {
      const begun = this.house.talk(name);
      this.client.history.begin(begun);
      this.show(begun);
      return;
    }
    try {
      await this.client.ask("JOIN", [name, ...(key ? [key] : [])]);
      const entered = this.house.find(name);
      if (entered) this.show(entered);
    } catch (why) {
      this.tell(`Not let into ${name}: ${/** @type {Error} */ (why).message}`);
    }
  }

  /** Somebody followed a link to a room. @param {import("./place.js").Place} place */
  follow(place) {
    if (place.isOwners) return;
    if (!this.entered.value) location.reload();
    else if (place.room && this.client.online) this.open(place.room);
  }

  /** Leave a room, or put a conversation with somebody away. @param {Conversation} talk */
  close(talk) {
    if (talk.isRoom && talk.present.value) this.client.send("PART", [talk.name]);
    if (!talk.isRoom) this.client.send("MONITOR", ["-", talk.name]);
    this.keep.drop(talk);
    this.house.drop(talk);
  }

  /** Whether somebody sees what is said there now. @param {Conversation} talk */
  attends(talk) {
    return talk === this.house.active.value && this.atEnd && document.visibilityState === "visible" && document.hasFocus();
  }

  /** Say it, as an answer where one was begun. @param {Conversation} talk @param {string} text */
  say(talk, text) {
    this.client.posting.say(talk, text, "message", talk.replyingTo.value?.id);
    talk.replyingTo.value = null;
    talk.newSince.value = 0;
  }

  /** The rooms that there are, the liveliest first. @returns {Promise<{name: string, count: number, topic: string}[]>} */
  async listRooms() {
    const items = await this.client.ask("LIST", [], { quiet: true }).catch(() => []);
    const rooms = flat(items).flatMap(({ command, params }) => (command === "322" ? [params] : []));
    return rooms.map(([, name, count, topic = ""]) => ({ name, count: Number(count), topic })).sort((one, other) => other.count - one.count);
  }

  /** The address of a file of this server by way of the page's own host; "" for what is elsewhere. @param {string} link */
  ownFile(link) {
    if (this.place.isBridged) return "";
    const shelf = this.house.shelf.value;
    const rest = shelf && link.startsWith(`${shelf}/`) ? link.slice(shelf.length) : "";
    return /^\/[0-9a-f]{32}$/.test(rest) ? new URL(shelf).pathname.replace(/\/$/, "") + rest : "";
  }

  /** A password for this device alone: it can be taken back, and is not the one that opens everything. @param {string} account */
  async remember(account) {
    const device = `web-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
    const items = await this.client.ask("PRIVMSG", ["NickServ", `APP ADD ${device}`], { quiet: true }).catch(() => []);
    const found = flat(items).map(({ params }) => /: (\S+)$/.exec(params.at(-1) ?? "")?.[1]).find(Boolean);
    if (!found) return;
    this.device = device;
    this.identity.value = { .../** @type {Identity} */ (this.identity.value), account, password: found };
  }

  // The connection.

  /** Look after it: called once, at the start. */
  watch() {
    setInterval(() => this.#beat(), BEAT_MS);
    addEventListener("online", () => this.hurry());
    addEventListener("focus", () => this.#look());
    document.addEventListener("visibilitychange", () => this.#look());
    this.notices.watch();
    effect(() => {
      this.house.conversations.value.map((talk) => talk.present.value);
      this.save();
    });
  }

  /** @param {Identity} identity */
  #begin(identity) {
    this.identity.value = identity;
    this.tries = 0;
    this.#connect();
  }

  #connect() {
    clearTimeout(this.timer);
    this.house.retryAt.value = 0;
    this.house.standing.value = "connecting";
    const socket = new WebSocket(this.place.url, ["text.ircv3.net"]);
    this.socket = socket;
    socket.addEventListener("open", () => this.#opened(socket));
    socket.addEventListener("message", ({ data }) => {
      if (socket !== this.socket) return;
      this.heard = Date.now();
      this.pinged = 0;
      this.#queue(data);
    });
    socket.addEventListener("close", () => this.#closed(socket));
  }

  /** @param {WebSocket} socket */
  #opened(socket) {
    this.heard = Date.now();
    const identity = this.identity.value;
    // While it closes, what was heard last may still be answered: to nobody.
    const out = (/** @type {string} */ line) => socket.readyState === WebSocket.OPEN && socket.send(line);
    if (identity) this.client.connected(out, identity, this.entered.value);
  }

  /** Take lines in once a frame, all that came since the last: a burst of them is drawn once. @param {string} line */
  #queue(line) {
    this.lines.push(line);
    if (this.lines.length > 1) return;
    if (document.hidden) setTimeout(() => this.#drain(), UNSEEN_MS); // nothing is drawn, and there are no frames
    else requestAnimationFrame(() => this.#drain());
  }

  #drain() {
    const lines = this.lines.splice(0);
    if (lines.length) batch(() => lines.forEach((line) => this.client.receive(line)));
  }

  /** @param {WebSocket} socket */
  #closed(socket) {
    if (socket !== this.socket) return;
    this.#drain();
    if (socket !== this.socket) return; // the last of it was that we are not let in
    this.socket = null;
    this.client.disconnected();
    if (!this.identity.value) return;
    const wait = BACK_OFF_MS[Math.min(this.tries, BACK_OFF_MS.length - 1)] * (0.75 + Math.random() / 2);
    this.tries += 1;
    this.house.retryAt.value = Date.now() + wait;
    this.timer = setTimeout(() => this.#connect(), wait);
  }

  /** Do not wait any longer with the next connection. */
  hurry() {
    if (this.house.retryAt.value) this.#connect();
  }

  /** Somebody looks: what is at the end of the conversation in front is read now, and the connection had better live. */
  #look() {
    this.#drain(); // the frame that was to do so may not come any more
    if (document.visibilityState !== "visible") return;
    this.hurry();
    this.#beat();
    const talk = this.house.active.value;
    if (talk && this.attends(talk)) this.client.history.read(talk);
  }

  #beat() {
    this.#drain(); // a window may be covered, and not know it
    const now = Date.now();
    if (!this.socket || !this.client.online || now - this.heard < SILENCE_MS) return;
    if (!this.pinged) {
      this.pinged = now;
      this.client.send("PING", [String(now)]);
    } else if (now - this.pinged > ANSWER_MS) {
      const dead = this.socket;
      dead.close();
      this.#closed(dead); // a dead one may take minutes to say so
    }
  }

  #welcome() {
    this.tries = 0;
    const fresh = !this.entered.value;
    this.entered.value = true;
    this.keep.open(`${this.house.account.value || `~${this.house.nick.value}`}`);
    const talks = this.house.conversations.value;
    for (const name of new Set([...this.wishes, ...talks.filter((talk) => talk.isRoom).map((talk) => talk.name)])) {
      if (!this.house.find(name)?.present.value) this.client.order("JOIN", [name]);
    }
    this.wishes = [];
    const { room, identity } = /** @type {import("./registration.js").Registration} */ (this.client.registration);
    if (room) this.open(room);
    if (location.pathname !== this.place.base) history.replaceState(null, "", this.place.base);
    for (const talk of talks) if (!talk.isRoom) this.client.history.begin(talk);
    this.client.history.people();
    this.client.posting.resumed();
    if (fresh && identity.account && this.stays && this.house.account.value) this.remember(this.house.account.value).then(() => this.save());
    this.notices.renew().catch(() => {});
    this.#settle();
    this.save();
  }

  /** Have something in front: where we were, else the first room, else the liveliest. */
  async #settle() {
    await this.client.ask("PING", ["settled"]).catch(() => {});
    if (!this.client.online) return;
    const { active, conversations } = this.house;
    if (!active.value && !conversations.value.length) await this.open((await this.listRooms())[0]?.name ?? USUAL_ROOM);
    else if (!active.value) this.show(conversations.value.find((talk) => talk.name === this.#kept().active) ?? conversations.value[0]);
  }

  /** @param {string} reason */
  #refused(reason) {
    this.house.problem.value = reason;
    if (this.client.registration?.isVain) this.place = { ...this.place, invite: "" };
    this.identity.value = null;
    this.house.standing.value = "offline";
    this.socket?.close();
    this.socket = null;
    this.client.disconnected();
  }

  // What is kept.

  /** @returns {{identity?: Identity, device?: string, rooms?: string[], active?: string, posts?: import("./posting.js").Post[]}} */
  #kept() {
    try {
      return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    } catch {
      return {};
    }
  }

  /** Keep on this device who we are and where. */
  save() {
    const identity = this.identity.value;
    if (!identity || this.leaving || !this.entered.value || (identity.account && !this.device)) return;
    const rooms = this.house.conversations.value.filter((talk) => talk.isRoom).map((talk) => talk.name);
    const told = { identity, device: this.device, rooms: [...new Set([...rooms, ...this.wishes])], active: this.house.active.value?.name, posts: this.client.posting.posts };
    try {
      localStorage.setItem(KEPT, JSON.stringify(told));
    } catch {
      // full, or not allowed: then it is not kept
    }
  }
}
