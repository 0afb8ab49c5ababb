// What was shared, by whom and with which room.

import { html } from "../../ui.js";
import { basicOf, sized } from "../uploads.js";
import { Records, Sure, house, useAnswer, when } from "./look.js";

/** @typedef {import("../../session.js").Session} Session */

/** @param {import("./look.js").Props} props */
export function Files({ session }) {
  const { found, problem, again } = useAnswer(() => house(session, "FILES"));
  const remove = async (/** @type {string} */ path) => {
    const why = await removed(session, path);
    if (why) session.tell(why);
    again();
  };
  return html`
    <${Records} problem=${problem} rows=${found} none="Nothing was shared.">
      ${found?.map(([time, size, account, room, link, name], index) => {
        const path = link === "*" ? "" : session.ownFile(link);
        const title = name || "a file without a name";
        return html`
          <li key=${`${time} ${index}`}>
            <p><b>${path ? html`<a href=${path} target="_blank" rel="noopener"><bdi>${title}</bdi></a>` : html`<bdi>${title}</bdi>`}</b> <span class="soft">${sized(Number(size))}</span><br />
              <small class="soft">by <bdi>${account}</bdi>${room !== "*" && html` with <bdi>${room}</bdi>`} at ${when(time)}${link === "*" && ": only those in that room get the link"}</small></p>
            <span class="deeds">${path && session.identity.value?.password && html`<${Sure} words="Remove" about=${title} onSure=${() => remove(path)} />`}</span>
          </li>`;
      })}
    <//>`;
}

/** Why it is still there, or "". @param {Session} session @param {string} path */
async function removed(session, path) {
  try {
    const answer = await fetch(path, { method: "DELETE", headers: { Authorization: basicOf(session) } });
    return answer.ok ? "" : (await answer.text()).trim() || `The server answered ${answer.status}`;
  } catch {
    return "The connection broke";
  }
}
