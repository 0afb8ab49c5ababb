// Who is banned from the server, by whom and until when; and to ban and to forgive.

import { html } from "../../ui.js";
import { Records, Sure, house, order, useAnswer, when } from "./look.js";

const LASTS = [["1h", "an hour"], ["1d", "a day"], ["7d", "a week"], ["", "for good"]];

/** @param {import("./look.js").Props} props */
export function Bans({ session }) {
  const { found, problem, again } = useAnswer(() => house(session, "BANS"));
  const ban = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const [whom, lasts, reason] = ["whom", "lasts", "reason"].map((name) => String(new FormData(form).get(name)).trim());
    if (!whom || whom.includes(" ")) return;
    form.reset();
    order(session, again, "UBAN", "ADD", whom, ...[lasts, reason].filter(Boolean));
  };
  return html`
    <form class="inline wraps" onSubmit=${ban}>
      <label><span>Ban an account, an address, a network or a mask</span><input name="whom" required autocapitalize="off" spellcheck=${false} placeholder="192.0.2.0/24" /></label>
      <label><span>For</span><select name="lasts">${LASTS.map(([value, words]) => html`<option key=${value} value=${value}>${words}</option>`)}</select></label>
      <label><span>Reason</span><input name="reason" /></label>
      <button class="plain">Ban</button>
    </form>
    <${Records} problem=${problem} rows=${found} none="Nobody is banned.">
      ${found?.map(([mask, until, since, by, reason]) => html`
        <li key=${mask}>
          <p><b><bdi>${mask}</bdi></b> <span class="soft" dir="auto">${reason}</span><br />
            <small class="soft">by <bdi>${by}</bdi> at ${when(since)}, ${until === "*" ? "for good" : `until ${when(until)}`}</small></p>
          <span class="deeds"><${Sure} words="Lift" about=${mask} onSure=${() => order(session, again, "UBAN", "DEL", mask)} /></span>
        </li>`)}
    <//>`;
}
