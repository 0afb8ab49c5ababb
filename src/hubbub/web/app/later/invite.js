// Making a link that brings others into the room in front, and showing it as a code for their phones.

import { fetched, html, useEffect, useSignal } from "../ui.js";
import { copy, isLocal, make } from "./invites.js";

/** @typedef {import("./invites.js").Made} Made */

const USES = [["*", "any number"], ["1", "one"], ["10", "ten"]];
const LASTS = [["2h", "2 hours"], ["1d", "a day"], ["7d", "a week"]];

/** @param {import("./dialogs.js").Props} props */
export function Invite({ session }) {
  return html`<${MakeInvite} session=${session} room=${session.house.active.value?.name ?? "*"} />`;
}

/** `room` is "*" for the server alone. @param {{session: import("../session.js").Session, room: string, onMade?: () => void}} props */
export function MakeInvite({ session, room, onMade = () => {} }) {
  const uses = useSignal(USES[0][0]);
  const lasts = useSignal(LASTS[0][0]);
  const made = useSignal(/** @type {Made | null} */ (null));
  const problem = useSignal("");
  const copied = useSignal(false);
  const ask = async (/** @type {Event} */ event) => {
    event.preventDefault();
    problem.value = "";
    try {
      made.value = await make(session, room, lasts.value, uses.value);
      copied.value = false;
      onMade();
    } catch (why) {
      problem.value = /** @type {Error} */ (why).message;
    }
  };
  const keep = async () => {
    await copy(made.value?.link ?? "");
    copied.value = true;
  };
  return html`
    <form class="inline wraps" onSubmit=${ask}>
      <label><span>Who has the link comes into <bdi>${room === "*" ? "this server" : room}</bdi> as a guest, for</span>
        <select value=${lasts.value} onChange=${(/** @type {Event} */ event) => { lasts.value = /** @type {HTMLSelectElement} */ (event.target).value; }}>
          ${LASTS.map(([value, words]) => html`<option key=${value} value=${value}>${words}</option>`)}
        </select>
      </label>
      <label><span>For how many</span>
        <select value=${uses.value} onChange=${(/** @type {Event} */ event) => { uses.value = /** @type {HTMLSelectElement} */ (event.target).value; }}>
          ${USES.map(([value, words]) => html`<option key=${value} value=${value}>${words}</option>`)}
        </select>
      </label>
      <button class="main" data-first>${made.value ? "Make another" : "Make a link"}</button>
    </form>
    ${problem.value && html`<p class="problem" role="alert" dir="auto">${problem.value}</p>`}
    ${made.value && html`
      <div class="made">
        <${Code} text=${made.value.link} />
        <p><input class="address" readonly value=${made.value.link} aria-label="The link" onFocus=${(/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select()} />
          <button class="plain" onClick=${keep}>${copied.value ? "Copied" : "Copy"}</button></p>
        <p class="soft">${made.value.words}</p>
        ${isLocal(new URL(made.value.link).hostname) && html`<p class="soft">This page was opened by an address that works on this computer alone: open it by the one that others can reach, and invite from there.</p>`}
      </div>`}`;
}

/** A picture that phones read. @param {{text: string}} props */
function Code({ text }) {
  const modules = useSignal(/** @type {boolean[][]} */ ([]));
  useEffect(() => {
    fetched(import("./qr.js")).then((found) => {
      modules.value = found?.matrix(text) ?? []; // the link is there without it
    });
  }, [text]);
  const size = modules.value.length;
  const path = modules.value.flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : []))).join("");
  return size ? html`<svg class="qr" viewBox=${`-4 -4 ${size + 8} ${size + 8}`} role="img" aria-label="The link as a QR code"><path d=${path} /></svg>` : null;
}
