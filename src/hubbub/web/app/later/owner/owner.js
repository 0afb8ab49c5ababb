// The page of who runs the place: one section at a time, those that they may see.

import { html, useEffect, useRef, useSignal } from "../../ui.js";
import { Audit } from "./audit.js";
import { Bans } from "./bans.js";
import { Files } from "./files.js";
import { Health } from "./health.js";
import { Invites } from "./invites.js";
import { house, useAnswer } from "./look.js";
import { People } from "./people.js";
import { Rooms } from "./rooms.js";

/** @typedef {import("./look.js").Props} Props */

/** By the name that the server has for it; those without one are everybody's, who see there what they may. @type {[string, string, (props: Props) => unknown][]} */
const SECTIONS = [
  ["HEALTH", "Health", Health],
  ["", "People", People],
  ["", "Rooms", Rooms],
  ["", "Invites", Invites],
  ["FILES", "Files", Files],
  ["BANS", "Bans", Bans],
  ["AUDIT", "What was done", Audit],
];

/** @param {Props} props */
export function Owner({ session, desk }) {
  useEffect(() => style(`${session.place.assets}/style/owner.css`), []);
  const online = session.house.standing.value === "online";
  const front = useRef(session.house.active.value);
  const active = session.house.active.value;
  useEffect(() => {
    if (front.current && front.current !== active) desk.toRooms();
    front.current = active;
  }, [active]);
  return html`
    <main class="room owner">
      <header class="bar">
        <button class="quiet narrow" aria-label="Conversations" onClick=${() => { desk.drawer.value = desk.drawer.value === "rooms" ? "" : "rooms"; }}>☰</button>
        <h1>Run ${session.house.network.value || session.place.network}</h1>
        <p class="topic"></p>
        <button class="plain" onClick=${() => desk.toRooms()}>Back to the rooms</button>
      </header>
      ${online ? html`<${Sections} session=${session} desk=${desk} />` : html`<p class="soft pad" role="status">There is no connection right now.</p>`}
    </main>`;
}

/** @param {Props} props */
function Sections(props) {
  const { found, problem } = useAnswer(async () => (await house(props.session))[0] ?? []);
  const chosen = useSignal("");
  if (problem.value) return html`<p class="problem pad" role="alert">This server tells nobody how it is: ${problem.value}</p>`;
  if (!found) return html`<p class="soft pad">One moment…</p>`;
  if (!found.length) return html`<p class="soft pad">This page is for who runs the place. If that is you, sign in to the account that does, or type /raw OPER NAME PASSWORD in a room.</p>`;
  const shown = SECTIONS.filter(([name]) => !name || found.includes(name));
  const [, title, Content] = shown.find(([, known]) => known === chosen.value) ?? shown[0];
  return html`
    <nav class="sections" aria-label="Sections">
      ${shown.map(([, name]) => html`<button key=${name} class="plain" aria-current=${name === title ? "page" : undefined} onClick=${() => { chosen.value = name; }}>${name}</button>`)}
    </nav>
    <section class="pad" key=${title} tabindex="0" aria-labelledby="section-title">
      <h2 id="section-title">${title}</h2>
      <${Content} ...${props} />
    </section>`;
}

/** What of the looks is wanted here alone, and so no part of the first load. @param {string} href */
function style(href) {
  if (document.querySelector(`link[href="${href}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}
