// What one can do about somebody: talk to them, ignore them, ask who it is.

import { flat } from "../batches.js";
import { IGNORED } from "../session.js";
import { html } from "../ui.js";

/** @typedef {import("../session.js").Session} Session */

/** @param {{session: Session, nick: string, talk: () => void, done: () => void}} props */
export function Person({ session, nick, talk, done }) {
  const ignored = session.house.ignores(nick);
  const turn = () => {
    done();
    ignore(session, nick, !ignored);
  };
  return html`
    <p class="deeds">
      <button onClick=${talk}>Talk</button>
      <button onClick=${turn}>${ignored ? "Stop ignoring" : "Ignore"}</button>
      <button onClick=${() => whois(session, nick)}>Who is it</button>
    </p>`;
}

/** Show nothing of somebody from now on, or show it again. @param {Session} session @param {string} nick @param {boolean} wanted */
export function ignore(session, nick, wanted) {
  const { house, client } = session;
  const key = house.features.fold(nick);
  const others = house.ignored.value.filter((other) => other !== key);
  house.ignored.value = wanted ? [...others, key] : others;
  localStorage.setItem(IGNORED, JSON.stringify(house.ignored.value));
  for (const talk of house.conversations.value) client.history.recount(talk);
  session.tell(wanted ? `You see nothing from ${nick} any more; /unignore ${nick} ends it` : `You see again what ${nick} says`);
}

/** Tell what is known of somebody. @param {Session} session @param {string} nick */
export async function whois(session, nick) {
  try {
    const items = await session.client.ask("WHOIS", [nick], { quiet: true });
    const told = flat(items).flatMap(({ command, params }) => (command === "318" ? [] : [params.slice(1).join(" ")]));
    session.tell(told.join("\n"));
  } catch (why) {
    session.tell(/** @type {Error} */ (why).message);
  }
}
