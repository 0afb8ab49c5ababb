// Sentences that come and go: refusals, invitations, what the server has to say.

import { html } from "../ui.js";

/** @param {{session: import("../session.js").Session}} props */
export function Notes({ session }) {
  return html`
    <div class="notes" role="status" aria-live="polite">
      ${session.notes.value.map(({ id, text }) => html`
        <div class="note" key=${id}>
          <p dir="auto">${text}</p>
          <button class="quiet" aria-label="Dismiss" onClick=${() => session.dismiss(id)}>×</button>
        </div>`)}
    </div>`;
}
