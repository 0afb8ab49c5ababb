// Lines that belong together, handed on as one when the last of them is here.
// https://ircv3.net/specs/extensions/batch

/** @typedef {import("./wire.js").Line} Line */
/** @typedef {{type: string, params: string[], tags: Record<string, string>, source: string, items: Item[]}} Batch */
/** @typedef {Line | Batch} Item */

export class Batches {
  constructor() {
    /** @type {Map<string, Batch>} */
    this.open = new Map();
  }

  /**
   * @param {Line} line
   * @returns {Item | null} what is complete and in no batch any more
   */
  take(line) {
    const name = line.params[0] ?? "";
    if (line.command === "BATCH" && name[0] === "+") {
      const [, type = "", ...params] = line.params;
      this.open.set(name.slice(1), { type, params, tags: line.tags, source: line.source, items: [] });
      return null;
    }
    /** @type {Item | undefined} */
    let item = line;
    if (line.command === "BATCH") {
      item = this.open.get(name.slice(1));
      this.open.delete(name.slice(1));
    }
    const around = item && this.open.get(item.tags.batch);
    if (around && item) around.items.push(item);
    return around ? null : item ?? null;
  }
}

/** @param {Item} item @returns {item is Batch} */
export function isBatch(item) {
  return "items" in item;
}

/** The lines of a message in several, as one line. @param {Batch} batch @returns {Line | null} */
export function joined(batch) {
  const lines = batch.items.flatMap((item) => (isBatch(item) ? [] : [item]));
  if (!lines.length) return null;
  let text = "";
  lines.forEach((line, index) => {
    const glue = index === 0 || "draft/multiline-concat" in line.tags ? "" : "\n";
    text += glue + (line.params[1] ?? "");
  });
  const [first] = lines;
  const tags = Object.assign(Object.create(null), first.tags, batch.tags);
  delete tags.batch;
  return { tags, source: batch.source || first.source, command: first.command, params: [first.params[0], text] };
}

/** All messages in a batch, those of several lines as one each. @param {Item[]} items @returns {Line[]} */
export function flat(items) {
  return items.flatMap((item) => {
    if (!isBatch(item)) return [item];
    if (item.type !== "draft/multiline") return flat(item.items);
    const line = joined(item);
    return line ? [line] : [];
  });
}
