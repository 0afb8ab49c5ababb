// The conversation in front: what it is about, what was said, and where one writes.

import { mayInvite } from "../deeds.js";
import { html, later } from "../ui.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../desk.js").Desk} Desk */

const Search = later(() => import("../later/search.js"), "Search");

/** @param {{session: Session, desk: Desk}} props */
export function Room({ session, desk }) {
  const talk = session.house.active.value;
  const drop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    desk.share([...(event.dataTransfer?.files ?? [])]);
  };
  return html`
    <main class="room" onDragOver=${(/** @type {Event} */ event) => event.preventDefault()} onDrop=${drop}>
      <${Header} session=${session} desk=${desk} />
      ${desk.searching.value && talk && html`<${Search} session=${session} desk=${desk} talk=${talk} />`}
      ${talk ? html`<${Log} key=${talk.name} session=${session} desk=${desk} talk=${talk} />` : html`<div class="log empty"><h1>${session.place.network}</h1><p class="soft">You are in no room yet. Join one with + beside “Rooms”.</p></div>`}
      ${talk && html`<${Typing} session=${session} />`}
      ${talk && html`<${Composer} key=${`write ${talk.name}`} session=${session} desk=${desk} talk=${talk} />`}
    </main>`;
}

/** @param {{session: Session, desk: Desk}} props */
function Header({ session, desk }) {
  const talk = session.house.active.value;
  const drawer = (/** @type {"rooms" | "people"} */ name) => () => {
    desk.drawer.value = desk.drawer.value === name ? "" : name;
    if (name === "people") desk.people.value = !desk.people.value;
  };
  const waiting = session.house.conversations.value.reduce((sum, other) => sum + (other === talk ? 0 : other.mentions.value), 0);
  return html`
    <header class="bar">
      <button class="quiet narrow" aria-label=${`Conversations${waiting ? `, ${waiting} for you` : ""}`} onClick=${drawer("rooms")}>☰${waiting > 0 && html`<span class="badge mention">${waiting}</span>`}</button>
      ${talk && html`
        <h1><bdi>${talk.name}</bdi></h1>
        <p class="topic" dir="auto" title=${talk.topic.value}>${talk.isRoom ? talk.topic.value : talk.online.value === false ? "not here now" : ""}</p>
        <button class="quiet" aria-pressed=${desk.searching.value} aria-label="Search" title="Search (Ctrl+Shift+F)" onClick=${() => { desk.searching.value = !desk.searching.value; }}><${Glass} /></button>
        ${mayInvite(session, talk) && html`<button class="plain" onClick=${() => { desk.dialog.value = "invite"; }}><span aria-hidden="true">+ </span>Invite</button>`}
        ${talk.isRoom && html`<button class="quiet" aria-label="People" title="People" aria-pressed=${desk.people.value} onClick=${drawer("people")}><${Heads} /></button>`}`}
    </header>`;
}

/** @param {{session: Session}} props */
function Typing({ session }) {
  const talk = session.house.active.value;
  const nicks = talk ? [...talk.typing.value.keys()] : [];
  const [first, second] = nicks;
  if (session.house.standing.value !== "online") return html`<p class="typing">No connection: what you write is sent when there is one again.</p>`;
  return html`
    <p class="typing" aria-live="off">
      ${nicks.length === 1 && html`<bdi>${first}</bdi> is typing…`}
      ${nicks.length === 2 && html`<bdi>${first}</bdi> and <bdi>${second}</bdi> are typing…`}
      ${nicks.length > 2 && "Several people are typing…"}
    </p>`;
}

function Glass() {
  return html`<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><circle cx="8.5" cy="8.5" r="5.5" /><path d="m13 13 4.5 4.5" /></svg>`;
}

function Heads() {
  return html`<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><circle cx="8" cy="6.5" r="3.2" /><path d="M2 17c.5-4 3-5.5 6-5.5s5.500 1.500 6 5.500" /><path d="M13 3.800a3 3 0 0 1 0 5.500M15.500 12c1.500.7 2.300 2.300 2.500 4.500" /></svg>`;
}
