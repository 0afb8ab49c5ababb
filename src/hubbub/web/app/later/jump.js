// Going to a conversation by a few letters of its name.

import { html, useSignal } from "../ui.js";

/** @param {import("./dialogs.js").Props} props */
export function Jump({ session, close }) {
  const typed = useSignal("");
  const letters = [...typed.value.toLowerCase()].filter((letter) => letter.trim());
  const found = session.house.conversations.value.filter(({ name }) => holds(name.toLowerCase(), letters))
    .sort((one, other) => other.mentions.value - one.mentions.value || other.unread.value - one.unread.value);
  const go = (/** @type {string | undefined} */ name) => {
    close();
    if (name) session.open(name);
  };
  return html`
    <form class="inline" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); go(found[0]?.name ?? typed.value.trim()); }}>
      <input aria-label="Name of a room or a person" autocapitalize="off" spellcheck=${false} value=${typed.value} autofocus
        onInput=${(/** @type {Event} */ event) => { typed.value = /** @type {HTMLInputElement} */ (event.target).value; }} />
      <button class="main">Go</button>
    </form>
    <ul class="choices">
      ${found.map((talk) => html`<li key=${talk.name}><button onClick=${() => go(talk.name)}><b><bdi>${talk.name}</bdi></b>${talk.unread.value > 0 && html`<small class="soft">${talk.unread.value} unread</small>`}</button></li>`)}
    </ul>`;
}

/** Whether the letters stand in it, in their order. @param {string} name @param {string[]} letters */
function holds(name, letters) {
  let at = -1;
  return letters.every((letter) => (at = name.indexOf(letter, at + 1)) >= 0);
}
