// The whole page: the entrance, or the house behind it.

import { classes, html, later } from "../ui.js";
import { Entrance } from "./entrance.js";
import { People } from "./people.js";
import { Room } from "./room.js";
import { Sidebar } from "./sidebar.js";
import { Notes } from "./notes.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../desk.js").Desk} Desk */

const Owner = later(() => import("../later/owner/owner.js"), "Owner");
const Dialogs = later(() => import("../later/dialogs.js"), "Dialogs");

/** @param {{session: Session, desk: Desk}} props */
export function App({ session, desk }) {
  if (!session.identity.value || !session.entered.value) return html`<${Entrance} session=${session} desk=${desk} /><${Notes} session=${session} />`;
  return html`
    <div class=${classes({ house: true, "with-rooms": desk.drawer.value === "rooms", "with-people": desk.drawer.value === "people", "people-shown": desk.people.value })}>
      <${Sidebar} session=${session} desk=${desk} />
      ${desk.owner.value ? html`<${Owner} session=${session} desk=${desk} />` : html`
        <${Room} session=${session} desk=${desk} />
        <${People} session=${session} desk=${desk} />`}
      <div class="veil" onClick=${() => { desk.drawer.value = ""; }}></div>
    </div>
    ${desk.dialog.value && html`<${Dialogs} session=${session} desk=${desk} />`}
    <${Notes} session=${session} />`;
}
