// The rooms that there are, and a field for those that one knows or makes.

import { html, useEffect, useSignal } from "../ui.js";
import { plain } from "../format.js";

/** @param {import("./dialogs.js").Props} props */
export function Join({ session, close }) {
  const rooms = useSignal(/** @type {{name: string, count: number, topic: string}[] | null} */ (null));
  useEffect(() => {
    session.listRooms().then((found) => {
      rooms.value = found;
    });
  }, []);
  const go = (/** @type {string} */ name) => {
    close();
    session.open(session.house.features.isRoom(name) ? name : `#${name}`);
  };
  const typed = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const name = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("room")).trim().replaceAll(" ", "-");
    if (name) go(name);
  };
  return html`
    <form class="inline" onSubmit=${typed}>
      <input name="room" aria-label="Name of a room" placeholder="#name, of an old room or a new one" autocapitalize="off" spellcheck=${false} />
      <button class="main">Join</button>
    </form>
    ${rooms.value === null ? html`<p class="soft">Asking which rooms there are…</p>` : html`
      <ul class="choices">
        ${rooms.value.map(({ name, count, topic }) => html`
          <li key=${name}><button onClick=${() => go(name)}>
            <b><bdi>${name}</bdi></b> <small class="soft">${count} here</small>
            ${topic && html`<span class="soft" dir="auto">${plain(topic)}</span>`}
          </button></li>`)}
      </ul>`}`;
}
