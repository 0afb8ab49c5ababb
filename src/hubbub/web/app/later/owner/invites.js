// The invites that hold: where each leads, for how long and how many; and new ones.

import { flat } from "../../batches.js";
import { html, useSignal } from "../../ui.js";
import { MakeInvite } from "../invite.js";
import { linkOf } from "../invites.js";
import { Records, Sure, order, useAnswer, when } from "./look.js";

/** @typedef {import("../../session.js").Session} Session */

/** @param {import("./look.js").Props} props */
export function Invites({ session }) {
  const room = useSignal("*");
  const { found, problem, again } = useAnswer(() => invites(session));
  const rooms = session.house.conversations.value.filter((talk) => talk.isRoom && talk.present.value);
  return html`
    <details>
      <summary>Make an invite</summary>
      <label class="choice"><span>It leads to</span>
        <select value=${room.value} onChange=${(/** @type {Event} */ event) => { room.value = /** @type {HTMLSelectElement} */ (event.target).value; }}>
          <option value="*">this server, and no room in particular</option>
          ${rooms.map(({ name }) => html`<option key=${name} value=${name}>${name}</option>`)}
        </select>
      </label>
      <${MakeInvite} key=${room.value} session=${session} room=${room.value} onMade=${again} />
    </details>
    <${Records} problem=${problem} rows=${found} none="Nobody is invited.">
      ${found?.map(([code, where, until, used, maker]) => html`
        <li key=${code}>
          <p><b>${code}</b> <span class="soft">to <bdi>${where === "*" ? "this server" : where}</bdi>, by <bdi>${maker}</bdi></span><br />
            <small class="soft">${until === "*" ? "until it is taken back" : `until ${when(until)}`}, ${uses(used)}</small></p>
          <span class="deeds">
            <button class="plain small" aria-label=${`Copy the link of ${code}`} onClick=${() => copied(session, linkOf(code, "*"))}>Copy link</button>
            <${Sure} words="Take back" about=${code} onSure=${() => order(session, again, "INVITATION", "REVOKE", code)} />
          </span>
        </li>`)}
    <//>`;
}

/** @param {Session} session @returns {Promise<string[][]>} */
async function invites(session) {
  const items = await session.client.ask("INVITATION", ["LIST"], { quiet: true });
  return flat(items).flatMap(({ command, params }) => (command === "INVITATION" && params[0] === "LISTED" ? [params.slice(1)] : []));
}

/** @param {string} text as "3/*" */
function uses(text) {
  const [used, most] = text.split("/");
  return most === "*" ? `used ${used} times` : `used ${used} of ${most} times`;
}

/** Where the page came by plain HTTP there is no clipboard, and the link is told. @param {Session} session @param {string} link */
async function copied(session, link) {
  const done = await navigator.clipboard?.writeText(link).then(() => true, () => false);
  session.tell(done ? `${link} is copied` : link);
}
