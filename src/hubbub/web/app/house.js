// What is known of a server: who we are there, our conversations, and who else is around.

import { computed, signal } from "../vendor/signals.js";
import { Features } from "./features.js";
import { Transcript } from "./transcript.js";

/** @typedef {{nick: string, account: string, realname: string, away: string | null}} Person `away` is the reason */
/** @typedef {{nick: string, ranks: string}} Member */
/** @typedef {"offline" | "connecting" | "online"} Standing */
/** @typedef {{id: string, nick: string, text: string}} Quote the message that is answered or edited */

export class Conversation {
  /** @param {string} name @param {boolean} isRoom */
  constructor(name, isRoom) {
    this.name = name;
    this.isRoom = isRoom;
    this.transcript = new Transcript();
    this.topic = signal("");
    /** Whether we are in this room; with people always. */
    this.present = signal(!isRoom);
    /** For people: whether they are here, null where that is not known. */
    this.online = signal(/** @type {boolean | null} */ (null));
    /** @type {Map<string, Member>} by folded nick */
    this.members = new Map();
    this.membersChanged = signal(0);
    /** Up to where we have read, in ms; 0 where nobody knows. */
    this.marker = signal(0);
    /** Where the line of what is new stands while the conversation is in front; 0 for nowhere. */
    this.newSince = signal(0);
    this.unread = signal(0);
    this.mentions = signal(0);
    /** @type {import("../vendor/signals.js").Signal<Map<string, number>>} nick to when their typing is over, in ms */
    this.typing = signal(new Map());
    this.replyingTo = signal(/** @type {Quote | null} */ (null));
    this.editing = signal(/** @type {Quote | null} */ (null));
    this.draft = "";
    /** Whether rows may be missing at the end: a connection was lost, or never was. */
    this.stale = true;
    /** @type {import("./reading.js").Reading[]} what was heard while what is before it is being fetched */
    this.held = [];
    /** The row that is shown where somebody jumped to it. */
    this.sought = signal("");
  }

  /** Members by rank and name, as [sign, member]. @param {Features} features @returns {[string, Member][]} */
  ranked(features) {
    const order = [...features.ranks.keys(), ""];
    return [...this.members.values()]
      .map((member) => /** @type {[string, Member]} */ ([features.sign(member.ranks), member]))
      .sort(([one, a], [other, b]) => order.indexOf(one) - order.indexOf(other) || a.nick.localeCompare(b.nick));
  }
}

export class House {
  constructor() {
    this.features = new Features();
    this.standing = signal(/** @type {Standing} */ ("offline"));
    /** When it is tried again, in ms; 0 while it is not. */
    this.retryAt = signal(0);
    /** Why there is no connection, or why nobody was let in. */
    this.problem = signal("");
    this.nick = signal("");
    /** What finds our nick in a text. */
    this.called = computed(() => naming(this.nick.value));
    this.account = signal("");
    this.network = signal("");
    this.away = signal("");
    /** @type {import("../vendor/signals.js").Signal<Conversation[]>} in the order in which they are listed */
    this.conversations = signal([]);
    this.active = signal(/** @type {Conversation | null} */ (null));
    /** @type {Map<string, Person>} by folded nick */
    this.people = new Map();
    this.peopleChanged = signal(0);
    /** The message of the day, in lines. */
    this.motd = signal(/** @type {string[]} */ ([]));
    /** Nicks of whom nothing is shown, folded. */
    this.ignored = signal(/** @type {string[]} */ ([]));
    /** Where files are shared, without a slash at its end; "" while nobody knows. What was kept here is drawn before. */
    this.shelf = signal("");
    /** The capabilities that this connection has. */
    this.caps = signal(/** @type {ReadonlyMap<string, string>} */ (new Map()));
  }

  /** @param {string} name */
  find(name) {
    return this.conversations.value.find((talk) => this.features.same(talk.name, name));
  }

  /** The conversation of that name, begun if need be. @param {string} name */
  talk(name) {
    const known = this.find(name);
    if (known) return known;
    const talk = new Conversation(name, this.features.isRoom(name));
    this.conversations.value = [...this.conversations.value, talk].sort(listed);
    return talk;
  }

  /** @param {Conversation} talk */
  drop(talk) {
    this.conversations.value = this.conversations.value.filter((other) => other !== talk);
    if (this.active.value === talk) this.active.value = this.conversations.value[0] ?? null;
  }

  /** @param {string} nick */
  isMe(nick) {
    return this.features.same(nick, this.nick.value);
  }

  /** @param {string} text */
  namesMe(text) {
    return this.nick.value !== "" && this.called.value.test(text);
  }

  /** @param {string} nick */
  ignores(nick) {
    return this.ignored.value.includes(this.features.fold(nick));
  }

  /** @param {string} nick */
  person(nick) {
    return this.people.get(this.features.fold(nick));
  }

  /** Somebody is there, and this is new about them. @param {string} nick @param {Partial<Person>} [news] */
  meet(nick, news = {}) {
    const key = this.features.fold(nick);
    const known = this.people.get(key) ?? { nick, account: "", realname: "", away: null };
    this.people.set(key, { ...known, ...news, nick });
    this.peopleChanged.value += 1;
  }
}

/** @param {string} nick */
function naming(nick) {
  const me = nick.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|[^\\p{L}\\p{N}_])${me}($|[^\\p{L}\\p{N}_])`, "iu");
}

/** Rooms first, each kind by its name. @param {Conversation} one @param {Conversation} other */
function listed(one, other) {
  return Number(other.isRoom) - Number(one.isRoom) || one.name.localeCompare(other.name);
}
