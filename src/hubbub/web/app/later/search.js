// Finding what was said in the conversation in front.

import { html, hue, useEffect, useRef, useSignal } from "../ui.js";
import { plain } from "../format.js";
import { clock, day } from "../time.js";

/** @typedef {{row: import("../reading.js").Row}} Hit */

/** @param {{session: import("../session.js").Session, desk: import("../desk.js").Desk, talk: import("../house.js").Conversation}} props */
export function Search({ session, desk, talk }) {
  const hits = useSignal(/** @type {Hit[] | null} */ (null));
  const problem = useSignal("");
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const find = async (/** @type {Event | undefined} */ event) => {
    event?.preventDefault();
    const text = desk.sought.value.trim();
    if (!text) return;
    problem.value = "";
    try {
      hits.value = await session.client.history.search(talk, text);
    } catch (why) {
      problem.value = /** @type {Error} */ (why).message;
    }
  };
  const close = () => {
    desk.searching.value = false;
    desk.write();
  };
  useEffect(() => {
    field.current?.focus();
    find(undefined);
  }, [talk]);
  return html`
    <section class="search" aria-label="Search" onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") close(); }}>
      <form role="search" onSubmit=${find}>
        <input ref=${field} type="search" aria-label=${`Search in ${talk.name}`} placeholder=${`Search in ${talk.name}`} value=${desk.sought.value}
          onInput=${(/** @type {Event} */ event) => { desk.sought.value = /** @type {HTMLInputElement} */ (event.target).value; }} />
        <button class="plain">Find</button>
        <button type="button" class="quiet" aria-label="Close the search" onClick=${close}>×</button>
      </form>
      ${problem.value && html`<p class="problem" role="alert">${problem.value}</p>`}
      ${hits.value?.length === 0 && html`<p class="soft">Nothing found. All of the words are looked for; end one with * to find its beginnings.</p>`}
      ${hits.value && hits.value.length > 0 && html`
        <ul>
          ${hits.value.map(({ row }) => html`
            <li key=${row.id}>
              <button onClick=${() => session.client.history.jump(talk, row.id)}>
                <small class="soft">${day(row.at)}, ${clock(row.at)}</small>
                <bdi class=${hue(row.nick)}>${row.nick}</bdi> <span dir="auto">${plain(row.text)}</span>
              </button>
            </li>`)}
        </ul>`}
    </section>`;
}
