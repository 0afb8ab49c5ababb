// Finding what was said, in the conversation in front or in all of them.

import { html, hue, useEffect, useRef, useSignal } from "../ui.js";
import { plain } from "../format.js";
import { clock, day } from "../time.js";

/** @typedef {{conversation: string, row: import("../reading.js").Row}} Hit */

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
      hits.value = await session.client.history.search(desk.everywhere.value ? null : talk, text);
    } catch (why) {
      problem.value = /** @type {Error} */ (why).message;
    }
  };
  const go = async (/** @type {Hit} */ { conversation, row }) => {
    await session.open(conversation);
    const there = session.house.find(conversation);
    if (there) session.client.history.jump(there, row.id);
  };
  const close = () => {
    desk.searching.value = false;
    desk.write();
  };
  useEffect(() => {
    field.current?.focus();
    find(undefined);
  }, [talk, desk.everywhere.value]);
  const where = desk.everywhere.value ? "everywhere" : `in ${talk.name}`;
  return html`
    <section class="search" aria-label="Search" onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") close(); }}>
      <form role="search" onSubmit=${find}>
        <input ref=${field} type="search" aria-label=${`Search ${where}`} placeholder=${`Search ${where}`} value=${desk.sought.value}
          onInput=${(/** @type {Event} */ event) => { desk.sought.value = /** @type {HTMLInputElement} */ (event.target).value; }} />
        <label class="check"><input type="checkbox" checked=${desk.everywhere.value} onChange=${() => { desk.everywhere.value = !desk.everywhere.value; }} /><span>Everywhere</span></label>
        <button class="plain">Find</button>
        <button type="button" class="quiet" aria-label="Close the search" onClick=${close}>×</button>
      </form>
      ${problem.value && html`<p class="problem" role="alert">${problem.value}</p>`}
      ${hits.value?.length === 0 && html`<p class="soft">Nothing found. All of the words are looked for, the last one also as the beginning of one.</p>`}
      ${hits.value && hits.value.length > 0 && html`
        <ul>
          ${hits.value.map((hit) => html`
            <li key=${hit.row.id}>
              <button onClick=${() => go(hit)}>
                <small class="soft">${desk.everywhere.value && html`<bdi>${hit.conversation}</bdi> · `}${day(hit.row.at)}, ${clock(hit.row.at)}</small>
                <bdi class=${hue(hit.row.nick)}>${hit.row.nick}</bdi> <span dir="auto">${plain(hit.row.text)}</span>
              </button>
            </li>`)}
        </ul>`}
    </section>`;
}
