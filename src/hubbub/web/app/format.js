// Text as spans: formatting codes of IRC, and what people write for emphasis, code and links. Text stays text.
// https://modern.ircdocs.horse/formatting

/** @typedef {{text: string, marks: ReadonlySet<Mark>, href?: string}} Span */
/** @typedef {"bold" | "italic" | "underline" | "strike" | "code" | "block"} Mark */

/** @type {Map<string, Mark>} */
const CODES = new Map([["\x02", "bold"], ["\x1d", "italic"], ["\x1f", "underline"], ["\x1e", "strike"], ["\x11", "code"]]);

const COLOUR = /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?|\x16/g;
const CODE = /[\x02\x1d\x1f\x1e\x11\x0f]/;
const FENCE = /^```[^\n`]*\n?([\s\S]*?)\n?```$/;
const BLOCKS = /(```[\s\S]+?```)/;
const INLINE = new RegExp([
  "(?<code>`[^`\\n]+`)",
  "(?<link>https?://[^\\s<>\"'`]*[^\\s<>\"'`.,:;!?)\\]}])",
  "(?<bold>(?<![\\p{L}\\p{N}*])\\*\\*?(?=[^\\s*])[^*\\n]*[^\\s*]\\*\\*?(?![\\p{L}\\p{N}*]))",
  "(?<italic>(?<![\\p{L}\\p{N}_])_(?=[^\\s_])[^_\\n]*[^\\s_]_(?![\\p{L}\\p{N}_]))",
  "(?<strike>(?<![\\p{L}\\p{N}~])~~(?=[^\\s~])[^~\\n]*[^\\s~]~~(?![\\p{L}\\p{N}~]))",
].join("|"), "gu");

/** @type {ReadonlySet<Mark>} */
const NONE = new Set();

/** @param {string} text @returns {Span[]} */
export function spans(text) {
  return text.replace(COLOUR, "").split(BLOCKS).flatMap((part) => {
    const block = FENCE.exec(part);
    return block?.[1] ? [span(block[1], new Set(["block"]))] : coded(part);
  });
}

/** The same as plain text. @param {string} text */
export function plain(text) {
  return text.replace(COLOUR, "").replace(new RegExp(CODE, "g"), "");
}

/** The links in a text. @param {string} text @returns {string[]} */
export function links(text) {
  return spans(text).flatMap(({ href }) => href ?? []);
}

/** @param {string} text @returns {Span[]} */
function coded(text) {
  /** @type {Span[]} */
  const found = [];
  /** @type {Set<Mark>} */
  let marks = new Set();
  for (const part of text.split(/([\x02\x1d\x1f\x1e\x11\x0f])/)) {
    const mark = CODES.get(part);
    if (part === "\x0f") marks = new Set();
    else if (mark) marks = toggled(marks, mark);
    else if (part) found.push(...(marks.has("code") ? [span(part, marks)] : emphasised(part, marks)));
  }
  return found;
}

/** @param {Set<Mark>} marks @param {Mark} mark */
function toggled(marks, mark) {
  const others = new Set(marks);
  if (!others.delete(mark)) others.add(mark);
  return others;
}

/** @param {string} text @param {ReadonlySet<Mark>} marks @returns {Span[]} */
function emphasised(text, marks) {
  /** @type {Span[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) found.push(span(text.slice(end, match.index), marks));
    found.push(...one(match, marks));
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push(span(text.slice(end), marks));
  return found;
}

/** @param {RegExpMatchArray} match @param {ReadonlySet<Mark>} marks @returns {Span[]} */
function one(match, marks) {
  const [whole] = match;
  const { code, link, bold, italic } = match.groups ?? {};
  if (code) return [span(code.slice(1, -1), new Set([...marks, "code"]))];
  if (link) return [{ ...span(link, marks), href: link }];
  if (bold) return emphasised(whole.replace(/^\*\*?|\*\*?$/g, ""), new Set([...marks, "bold"]));
  if (italic) return emphasised(whole.slice(1, -1), new Set([...marks, "italic"]));
  return emphasised(whole.slice(2, -2), new Set([...marks, "strike"]));
}

/** @param {string} text @param {ReadonlySet<Mark>} [marks] @returns {Span} */
function span(text, marks = NONE) {
  return { text, marks };
}
