// What a server says of itself in numeric 005, and the comparisons that follow from it.
// https://modern.ircdocs.horse/#rplisupport-parameters

const FOLDS = new Map([["rfc1459", "[]\\~"], ["rfc1459-strict", "[]\\"], ["ascii", ""]]);
const FOLDED = new Map([["[", "{"], ["]", "}"], ["\\", "|"], ["~", "^"]]);

export class Features {
  constructor() {
    /** @type {Map<string, string>} */
    this.tokens = new Map();
    /** @type {Map<string, string>} sign of a rank to its mode letter, the highest first */
    this.ranks = new Map([["@", "o"], ["+", "v"]]);
  }

  /** @param {string[]} words those of one 005 */
  take(words) {
    for (const word of words) {
      const [key, value = ""] = word.split(/=(.*)/s);
      if (key[0] === "-") this.tokens.delete(key.slice(1));
      else this.tokens.set(key, unescape(value));
    }
    const [, letters = "", signs = ""] = /^\((\w*)\)(.*)$/.exec(this.get("PREFIX")) ?? [];
    if (letters) this.ranks = new Map([...signs].map((sign, index) => [sign, letters[index]]));
  }

  /** @param {string} key */
  get(key) {
    return this.tokens.get(key) ?? "";
  }

  /** @param {string} key @param {number} otherwise */
  number(key, otherwise) {
    return Number.parseInt(this.get(key), 10) || otherwise;
  }

  /** @param {string} name */
  fold(name) {
    const more = FOLDS.get(this.get("CASEMAPPING")) ?? "";
    return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
      .replace(/[[\]\\~]/g, (sign) => (more.includes(sign) ? FOLDED.get(sign) ?? sign : sign));
  }

  /** @param {string} one @param {string} other */
  same(one, other) {
    return this.fold(one) === this.fold(other);
  }

  /** @param {string} name */
  isRoom(name) {
    return name !== "" && (this.get("CHANTYPES") || "#&").includes(name[0]);
  }

  /** The room behind a target as `@#room`. @param {string} target */
  roomOf(target) {
    const bare = target.replace(/^[^#&]+(?=#)/, "");
    return this.isRoom(bare) && [...target.slice(0, -bare.length)].every((sign) => this.ranks.has(sign)) ? bare : target;
  }

  /** A member of NAMES as `@+nick!user@host`. @param {string} word @returns {[string, string]} mode letters and the rest */
  ranked(word) {
    let at = 0;
    while (this.ranks.has(word[at])) at += 1;
    return [[...word.slice(0, at)].map((sign) => this.ranks.get(sign)).join(""), word.slice(at)];
  }

  /** The sign of the highest of some ranks. @param {string} letters */
  sign(letters) {
    for (const [sign, letter] of this.ranks) if (letters.includes(letter)) return sign;
    return "";
  }

  /** Modes with the parameter that each takes: ["+", "o", "leo"]. @param {string[]} words @returns {[string, string, string][]} */
  modes(words) {
    const [lists, keys, limits] = (this.get("CHANMODES") || "b,k,l,").split(",");
    const given = words.slice(1);
    const ranks = [...this.ranks.values()].join("");
    let sign = "+";
    /** @type {[string, string, string][]} */
    const found = [];
    for (const letter of words[0] ?? "") {
      if (letter === "+" || letter === "-") sign = letter;
      else {
        const takes = (ranks + lists + keys).includes(letter) || (sign === "+" && limits.includes(letter));
        found.push([sign, letter, takes ? given.shift() ?? "" : ""]);
      }
    }
    return found;
  }
}

/** @param {string} value */
function unescape(value) {
  return value.replace(/\\x([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
