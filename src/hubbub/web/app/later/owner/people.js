// Who is here, from where, and the way out.

import { flat } from "../../batches.js";
import { html, useSignal } from "../../ui.js";
import { Records, Sure, order, useAnswer } from "./look.js";

/** @typedef {import("../../session.js").Session} Session */
/** @typedef {{user: string, address: string, host: string, nick: string, flags: string, idle: string, account: string, realname: string}} Person */

const COLUMNS = "%uihnflar";
const MOST = 1000; // in one answer

/** @param {import("./look.js").Props} props */
export function People({ session }) {
  const sought = useSignal("");
  const { found, problem, again } = useAnswer(() => people(session, sought.value));
  const seek = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    sought.value = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("mask")).trim();
    again();
  };
  return html`
    <form class="inline" onSubmit=${seek}>
      <input name="mask" aria-label="Whom" placeholder="A nick, or a mask of nick, host or address, as 192.0.2.*" autocapitalize="off" spellcheck=${false} />
      <button class="plain">Find</button>
    </form>
    <${Records} problem=${problem} rows=${found} none="Nobody is found.">
      ${found?.map((person) => html`
        <li key=${person.nick}>
          <p><b><bdi>${person.nick}</bdi></b> <span class="soft">${about(person)}</span><br />
            <small class="soft"><bdi>${place(person)}</bdi>, silent for ${lasting(Number(person.idle))}</small></p>
          <span class="deeds">
            <button class="plain small" aria-label=${`Talk to ${person.nick}`} onClick=${() => session.open(person.nick)}>Talk</button>
            ${!session.house.isMe(person.nick) && html`
              <${Sure} words="Disconnect" about=${person.nick} onSure=${() => order(session, again, "KILL", person.nick, "Disconnected by who runs this server")} />`}
          </span>
        </li>`)}
    <//>`;
}

/** @param {Session} session @param {string} mask @returns {Promise<Person[]>} */
async function people(session, mask) {
  if (!mask && (await here(session)) > MOST) throw new Error(`More than ${MOST} are here: say whom you look for`);
  const items = await session.client.ask("WHO", [mask || "*", COLUMNS], { quiet: true });
  return flat(items).flatMap(({ command, params }) => {
    if (command !== "354") return [];
    const [, user, address, host, nick, flags, idle, account, realname = ""] = params;
    return [{ user, address, host, nick, flags, idle, account, realname }];
  });
}

/** How many. @param {Session} session */
async function here(session) {
  const items = await session.client.ask("LUSERS", [], { quiet: true });
  return Number(flat(items).find(({ command }) => command === "265")?.params[1] ?? 0);
}

/** @param {Person} person */
function about({ nick, account, flags, realname }) {
  const words = [account === "0" ? "guest" : `account ${account}`, flags.includes("*") && "operator", flags[0] === "G" && "away", flags.includes("B") && "bot", realname !== nick && realname];
  return words.filter(Boolean).join(" · ");
}

/** @param {Person} person */
function place({ user, host, address }) {
  return address === "255.255.255.255" || address === host ? `${user}@${host}` : `${user}@${host} (${address})`;
}

/** @param {number} seconds */
function lasting(seconds) {
  const [count, unit] = seconds < 60 ? [seconds, "second"] : seconds < 3_600 ? [seconds / 60, "minute"] : seconds < 172_800 ? [seconds / 3_600, "hour"] : [seconds / 86_400, "day"];
  return new Intl.NumberFormat(undefined, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(count);
}
