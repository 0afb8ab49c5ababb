// What operators and owners of rooms did, the latest first.

import { html } from "../../ui.js";
import { Records, house, useAnswer, when } from "./look.js";

const MOST = "200";

/** @param {import("./look.js").Props} props */
export function Audit({ session }) {
  const { found, problem } = useAnswer(async () => (await house(session, "AUDIT", MOST)).reverse());
  return html`
    <${Records} problem=${problem} rows=${found} none="Nothing yet.">
      ${found?.map(([time, nick, account, told], index) => html`
        <li key=${`${time} ${index}`}>
          <p><b><bdi>${nick}</bdi></b>${account !== "*" && account !== nick && html` <span class="soft">(account ${account})</span>`} <span dir="auto">${told}</span><br />
            <small class="soft">${when(time)}</small></p>
        </li>`)}
    <//>`;
}
