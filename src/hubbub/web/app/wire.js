// Lines of IRC, read and written: no line breaks at the end, as WebSocket messages carry them.
// https://modern.ircdocs.horse/#message-format and https://ircv3.net/specs/extensions/message-tags

/** @typedef {{tags: Record<string, string>, source: string, command: string, params: string[]}} Line */

const ESCAPES = new Map([["\\:", ";"], ["\\s", " "], ["\\\\", "\\"], ["\\r", "\r"], ["\\n", "\n"]]);
const UNESCAPED = new Map([...ESCAPES].map(([escape, plain]) => [plain, escape]));

/**
 * @param {string} text
 * @returns {Line | null} null for what is no line
 */
export function parse(text) {
  let rest = text.replace(/[\r\n]+$/, "");
  const tags = Object.create(null); // a tag may be called __proto__
  if (rest[0] === "@") {
    const [words, after] = cut(rest.slice(1), " ");
    for (const word of words.split(";")) {
      const [key, value] = cut(word, "=");
      if (key) tags[key] = unescapeTag(value);
    }
    rest = after.trimStart();
  }
  let source = "";
  if (rest[0] === ":") {
    const [before, after] = cut(rest.slice(1), " ");
    source = before;
    rest = after.trimStart();
  }
  const params = words(rest);
  const command = params.shift();
  return command ? { tags, source, command: command.toUpperCase(), params } : null;
}

/**
 * @param {string} command
 * @param {string[]} params the last may hold spaces
 * @param {Record<string, string>} [tags]
 */
export function encode(command, params, tags = {}) {
  const parts = [command, ...params.map(oneLine)];
  const last = parts.length - 1;
  if (last > 0 && (parts[last] === "" || parts[last][0] === ":" || parts[last].includes(" "))) {
    parts[last] = `:${parts[last]}`;
  }
  const marks = Object.entries(tags).map(([key, value]) => (value === "" ? key : `${key}=${escapeTag(value)}`));
  return (marks.length ? `@${marks.join(";")} ` : "") + parts.join(" ");
}

/** @param {string} source `nick!user@host` */
export function nickOf(source) {
  return source.split(/[!@]/, 1)[0];
}

/** @param {string} value */
export function escapeTag(value) {
  return value.replace(/[; \\\r\n]/g, (plain) => UNESCAPED.get(plain) ?? "");
}

/** @param {string} value */
export function unescapeTag(value) {
  return value.replace(/\\(.?)/g, (escape, letter) => ESCAPES.get(escape) ?? letter);
}

/**
 * How many bytes of UTF-8 a text takes.
 * @param {string} text
 */
export function bytes(text) {
  return encoder.encode(text).length;
}

const encoder = new TextEncoder();

/** @param {string} rest */
function words(rest) {
  const found = [];
  while (rest) {
    if (rest[0] === ":" && found.length) {
      found.push(rest.slice(1));
      break;
    }
    const [word, after] = cut(rest, " ");
    found.push(word);
    rest = after.replace(/^ +/, "");
  }
  return found;
}

/**
 * @param {string} text
 * @param {string} mark
 * @returns {[string, string]}
 */
function cut(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** A line break in a parameter would begin another line. @param {string} text */
function oneLine(text) {
  return text.replace(/[\r\n\0]+/g, " ");
}
