// What the word before the caret could become: a name, a room, a command, an emoji.

import { fetched } from "../ui.js";
import { COMMANDS } from "./commands.js";

/** @typedef {{text: string, about: string}} Suggestion */
/** @typedef {{from: number, found: Suggestion[]}} Offer `from` is where the word begins that is replaced */

const SHOWN = 8;

/**
 * @param {import("../session.js").Session} session
 * @param {import("../house.js").Conversation} talk
 * @param {string} before the text up to the caret
 * @param {boolean} asked whether the person asked for it, by Tab: then plain words may be names, too
 * @returns {Promise<Offer>}
 */
export async function suggest(session, talk, before, asked) {
  const word = /\S*$/.exec(before)?.[0] ?? "";
  const from = before.length - word.length;
  const rest = word.slice(1).toLowerCase();
  if (word[0] === "/" && from === 0) return offer(from, commands(rest));
  if (word[0] === "#") return offer(from, rooms(session, word.toLowerCase()));
  if (word[0] === "@") return offer(from, names(session, talk, rest, "@", from));
  if (/^:[\w+-]{2,}$/.test(word)) return offer(from, await emoji(rest));
  if (asked && word) return offer(from, names(session, talk, word.toLowerCase(), "", from));
  return offer(from, []);
}

/** @param {number} from @param {Suggestion[]} found @returns {Offer} */
function offer(from, found) {
  return { from, found: found.slice(0, SHOWN) };
}

/** @param {string} start */
function commands(start) {
  return [...COMMANDS].filter(([name]) => name.startsWith(start)).map(([name, { about }]) => ({ text: `/${name} `, about }));
}

/** @param {import("../session.js").Session} session @param {string} start */
function rooms(session, start) {
  const known = session.house.conversations.value.filter((talk) => talk.isRoom && talk.name.toLowerCase().startsWith(start));
  return known.map(({ name, topic }) => ({ text: `${name} `, about: topic.value }));
}

/** @param {import("../session.js").Session} session @param {import("../house.js").Conversation} talk @param {string} start @param {string} sign @param {number} from */
function names(session, talk, start, sign, from) {
  const members = talk.isRoom ? [...talk.members.values()].map(({ nick }) => nick) : [talk.name];
  const fitting = members.filter((nick) => nick.toLowerCase().startsWith(start) && !session.house.isMe(nick));
  return fitting.sort().map((nick) => ({ text: `${sign}${nick}${from === 0 ? ": " : " "}`, about: session.house.person(nick)?.realname ?? "" }));
}

/** @param {string} start */
async function emoji(start) {
  const table = await fetched(import("./emoji.js"));
  const name = start.replaceAll("_", " ");
  const all = (table?.GROUPS ?? []).flatMap((group) => group.emoji);
  const fitting = [...all.filter(([, known]) => known.startsWith(name)), ...all.filter(([, known]) => known.includes(` ${name}`))];
  return fitting.map(([text, about]) => ({ text: `${text} `, about }));
}
