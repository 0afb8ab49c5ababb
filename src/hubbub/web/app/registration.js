// From the first byte to the welcome: capabilities, a login, a nick.
// https://ircv3.net/specs/extensions/capability-negotiation and https://ircv3.net/specs/extensions/sasl-3.1

/** @typedef {import("./wire.js").Line} Line */
/**
 * Without an account, a guest. `key` is this device's own, by which it is counted once as an invite's guest.
 * @typedef {{nick: string, account: string, password: string, invite: string, key: string}} Identity
 */
/** @typedef {(command: string, ...params: string[]) => void} Send */

const WANTED = [
  "account-notify", "account-tag", "away-notify", "batch", "cap-notify", "chghost", "draft/account-registration",
  "draft/channel-rename", "draft/chathistory", "draft/event-playback", "draft/message-redaction", "draft/multiline",
  "draft/read-marker", "draft/webpush", "echo-message", "extended-join", "extended-monitor", "hubbub.chat/edit",
  "hubbub.chat/invite", "invite-notify", "labeled-response", "message-tags", "multi-prefix", "no-implicit-names",
  "server-time", "setname", "soju.im/search", "soju.im/webpush", "standard-replies", "userhost-in-names",
];

/** What the page cannot do without: by these it knows what became of each message. */
const NEEDED = ["batch", "echo-message", "labeled-response", "message-tags", "server-time"];

const TAKEN = new Set(["433", "436", "437"]);
const REFUSED = new Set(["432", "464", "465", "902", "904", "905", "906"]);
const REQUEST_MOST = 400; // bytes of names in one CAP REQ
const CHUNK = 400; // "If the response is exactly 400 bytes, it is followed by an empty one"

export class Registration {
  /**
   * @param {Send} send
   * @param {Identity} identity
   * @param {boolean} patient whether another nick will do while the wanted one is taken
   */
  constructor(send, identity, patient) {
    this.send = send;
    this.identity = identity;
    this.patient = patient;
    this.nick = identity.nick;
    /** @type {Map<string, string>} */
    this.offered = new Map();
    /** @type {Map<string, string>} */
    this.caps = new Map();
    this.requests = 0;
    this.done = false;
    this.invited = false;
    /** Whether the invite brings nobody in. */
    this.isVain = false;
    /** The room that an invite leads to. */
    this.room = "";
  }

  start() {
    this.send("CAP", "LS", "302");
    this.send("NICK", this.nick);
    this.send("USER", "web", "0", "*", this.identity.nick);
  }

  /**
   * Deal with a line before the welcome, or with CAP at any time.
   * @param {Line} line
   * @returns {string} why we are not let in, or ""
   */
  take(line) {
    const { command, params } = line;
    const text = params.at(-1) ?? "";
    if (command === "CAP") return this.#cap(params);
    if (command === "001") this.done = true;
    if (this.done) return "";
    if (command === "INVITATION" || (command === "FAIL" && params[0] === "INVITATION")) return this.#answered(params);
    if (command === "AUTHENTICATE") this.#authenticate();
    else if (command === "903") this.#end();
    else if (TAKEN.has(command)) return this.#taken(text);
    else if (REFUSED.has(command) || command === "FAIL") return text.replace(/^SASL authentication failed: /, "");
    return "";
  }

  /** @param {string[]} params */
  #cap(params) {
    const verb = (params[1] ?? "").toUpperCase();
    const names = (params.at(-1) ?? "").split(" ").filter(Boolean);
    if (verb === "LS" || verb === "NEW") {
      for (const name of names) this.offered.set(...pair(name));
      if (verb === "NEW" || params[2] !== "*") return this.#request(verb === "LS");
    } else if (verb === "DEL") names.forEach((name) => this.caps.delete(name));
    else if (verb === "ACK" || verb === "NAK") this.#replied(verb === "ACK" ? names : []);
    return "";
  }

  /** @param {boolean} first */
  #request(first) {
    const missing = NEEDED.filter((name) => !this.offered.has(name));
    if (first && missing.length) return `This server does not speak what the page needs: ${missing.join(", ")}`;
    const wanted = [...WANTED, ...(this.identity.account ? ["sasl"] : [])];
    let line = "";
    for (const name of wanted.filter((one) => this.offered.has(one) && !this.caps.has(one))) {
      if (line.length + name.length > REQUEST_MOST) {
        this.#ask(line);
        line = "";
      }
      line += ` ${name}`;
    }
    if (line) this.#ask(line);
    return "";
  }

  /** @param {string} names */
  #ask(names) {
    this.requests += 1;
    this.send("CAP", "REQ", names.trim());
  }

  /** @param {string[]} names those that we have now */
  #replied(names) {
    this.requests -= 1;
    for (const name of names) this.caps.set(name, this.offered.get(name) ?? "");
    if (this.requests > 0 || this.done) return;
    if (this.caps.has("sasl")) this.send("AUTHENTICATE", "PLAIN");
    else this.#end();
  }

  #authenticate() {
    const { account, password } = this.identity;
    const secret = base64(`\0${account}\0${password}`);
    for (let at = 0; at < secret.length; at += CHUNK) this.send("AUTHENTICATE", secret.slice(at, at + CHUNK));
    if (secret.length % CHUNK === 0) this.send("AUTHENTICATE", "+");
  }

  /** Everything is said, but for an invite: https://ircv3.net/irc/ has none, docs/extensions.md describes ours. */
  #end() {
    const { invite, key } = this.identity;
    if (invite && !this.invited && this.caps.has("hubbub.chat/invite")) {
      this.invited = true;
      this.send("INVITATION", "USE", invite, key);
    } else this.send("CAP", "END");
  }

  /** What came of an invite; who comes back is let in without, where that can be. @param {string[]} params */
  #answered(params) {
    if (params[0] === "USED") this.room = params[2] === "*" ? "" : params[2] ?? "";
    else if (!this.patient) {
      this.isVain = true;
      return params.at(-1) ?? "";
    }
    this.#end();
    return "";
  }

  /** @param {string} text */
  #taken(text) {
    if (!this.patient) return text;
    this.nick = `${this.nick}_`;
    this.send("NICK", this.nick);
    return "";
  }
}

/** @param {string} text in UTF-8 */
export function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** @param {string} word @returns {[string, string]} */
function pair(word) {
  const [name, value = ""] = word.split(/=(.*)/s);
  return [name, value];
}
