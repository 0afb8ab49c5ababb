// The last messages of each conversation on this device, so that they are there before, and without, a connection.
// https://www.w3.org/TR/IndexedDB/

/** @typedef {import("./house.js").Conversation} Conversation */
/** @typedef {{who: string, name: string, rows: import("./reading.js").Row[], marker: number, topic: string}} Kept */

const ROWS = 200;
const REST_MS = 5_000; // between two times that a busy conversation is written: it costs as much as drawing some messages
const STORE = "talks";

export class Keep {
  constructor() {
    this.who = "";
    /** @type {Promise<IDBDatabase> | null} */
    this.database = null;
    /** @type {Map<Conversation, ReturnType<typeof setTimeout>>} */
    this.waiting = new Map();
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") [...this.waiting.keys()].forEach((talk) => this.#write(talk)); // it may be the last we hear
    });
  }

  /** Whose conversations they are. @param {string} who */
  open(who) {
    this.who = who;
  }

  /** Put what is kept into conversations that have nothing yet. @param {string} who @param {(name: string) => Conversation} talk */
  async load(who, talk) {
    this.who = who;
    const all = /** @type {Kept[]} */ (await this.#do("readonly", (store) => store.getAll()).catch(() => []));
    for (const kept of all.filter((one) => one.who === who)) {
      const found = talk(kept.name);
      found.topic.value ||= kept.topic;
      found.marker.value ||= kept.marker;
      if (!found.transcript.rows.length) found.transcript.merge(kept.rows.map((row) => ({ conversation: kept.name, row })));
    }
  }

  /** Write a conversation, soon. @param {Conversation} talk */
  later(talk) {
    if (!this.who || this.waiting.has(talk)) return;
    this.waiting.set(talk, setTimeout(() => this.#write(talk), REST_MS));
  }

  /** @param {Conversation} talk */
  drop(talk) {
    clearTimeout(this.waiting.get(talk));
    this.waiting.delete(talk);
    this.#do("readwrite", (store) => store.delete([this.who, talk.name])).catch(() => {});
  }

  /** Leave nothing. */
  async forget() {
    this.who = "";
    await this.#do("readwrite", (store) => store.clear()).catch(() => {});
  }

  /** @param {Conversation} talk */
  #write(talk) {
    clearTimeout(this.waiting.get(talk));
    this.waiting.delete(talk);
    if (!this.who || !talk.transcript.atEnd.value) return;
    const rows = talk.transcript.rows.slice(-ROWS).filter((row) => row.id);
    /** @type {Kept} */
    const kept = { who: this.who, name: talk.name, rows, marker: talk.marker.value, topic: talk.topic.value };
    this.#do("readwrite", (store) => store.put(kept)).catch(() => {});
  }

  /** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} work */
  async #do(mode, work) {
    this.database ??= opened();
    const store = (await this.database).transaction(STORE, mode).objectStore(STORE);
    return answered(work(store));
  }
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  const request = indexedDB.open("hubbub", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["who", "name"] });
  return answered(request);
}

/** @param {IDBRequest} request @returns {Promise<any>} */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
