// What opens above the page, one at a time: rooms to join, invites, one's account, help, a jump.

import { HAS_KEYS, html, useEffect, useRef } from "../ui.js";
import { Account } from "./account.js";
import { Help } from "./help.js";
import { Invite } from "./invite.js";
import { Join } from "./join.js";
import { Jump } from "./jump.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {{session: Session, desk: Desk, close: () => void}} Props */

/** @type {Record<string, [string, (props: Props) => unknown]>} title and content */
const CONTENTS = {
  join: ["Rooms", Join],
  invite: ["Invite others", Invite],
  account: ["You", Account],
  help: ["Help", Help],
  jump: ["Go to", Jump],
};

/** @param {{session: Session, desk: Desk}} props */
export function Dialogs({ session, desk }) {
  const name = desk.dialog.value;
  return name && CONTENTS[name] ? html`<${Dialog} key=${name} name=${name} session=${session} desk=${desk} />` : null;
}

/** @param {{name: string, session: Session, desk: Desk}} props */
function Dialog({ name, session, desk }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [title, Content] = CONTENTS[name];
  useEffect(() => {
    box.current?.showModal();
    if (HAS_KEYS) /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector("[data-first]") ?? box.current?.querySelector("input"))?.focus();
  }, []);
  const close = () => {
    if (desk.dialog.value !== name) return; // another one has been opened since
    desk.dialog.value = "";
    box.current?.close(); // as long as it is open, nothing behind it takes the keyboard
    desk.write();
  };
  const outside = (/** @type {Event} */ event) => {
    if (event.target === box.current) close();
  };
  return html`
    <dialog ref=${box} class=${`dialog ${name}`} aria-labelledby="dialog-title" onClose=${close} onClick=${outside}>
      <div class="inside">
        <header><h2 id="dialog-title">${title}</h2><button class="quiet" aria-label="Close" onClick=${close}>×</button></header>
        <${Content} session=${session} desk=${desk} close=${close} />
      </div>
    </dialog>`;
}
