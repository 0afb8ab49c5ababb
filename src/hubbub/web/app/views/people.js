// Who is in the room: by rank and name, those who are away in grey.

import { classes, html, later, useSignal } from "../ui.js";

const Person = later(() => import("../later/person.js"), "Person");
const SHOWN = 500; // names; a room of thousands is not read by scrolling
const RANKS = new Map([["~", "owner"], ["&", "admin"], ["@", "operator"], ["%", "half-operator"], ["+", "voice"]]);

/** @param {{session: import("../session.js").Session, desk: import("../desk.js").Desk}} props */
export function People({ session, desk }) {
  const { house } = session;
  const chosen = useSignal("");
  const talk = house.active.value;
  if (!talk?.isRoom) return null;
  house.peopleChanged.value;
  talk.membersChanged.value;
  const members = talk.ranked(house.features);
  const speak = (/** @type {string} */ nick) => () => {
    desk.drawer.value = "";
    session.open(nick).then(() => desk.write());
  };
  return html`
    <aside class="people" aria-label="People">
      <h2>${members.length} here</h2>
      <ul>
        ${members.slice(0, SHOWN).map(([sign, { nick }]) => {
          const person = house.person(nick);
          const away = person?.away ?? null;
          return html`
            <li key=${nick} class=${classes({ away: away !== null })}>
              <button onClick=${() => { chosen.value = chosen.value === nick ? "" : nick; }} aria-expanded=${chosen.value === nick} title=${about(person, sign)} disabled=${house.isMe(nick)}>
                <i class=${classes({ dot: true, here: away === null })}></i><bdi>${nick}</bdi>
                ${sign && html`<small>${RANKS.get(sign) ?? sign}</small>`}
                ${house.isMe(nick) && html`<small>you</small>`}
                ${house.ignores(nick) && html`<small>ignored</small>`}
              </button>
              ${chosen.value === nick && html`<${Person} session=${session} nick=${nick} talk=${speak(nick)} done=${() => { chosen.value = ""; }} />`}
            </li>`;
        })}
      </ul>
      ${members.length > SHOWN && html`<p class="soft small">and ${members.length - SHOWN} more</p>`}
    </aside>`;
}

/** @param {import("../house.js").Person | undefined} person @param {string} sign */
function about(person, sign) {
  if (!person) return "";
  const away = person.away === null ? "" : `away${person.away ? `: ${person.away}` : ""}`;
  return [person.realname, person.account ? `account ${person.account}` : "guest", RANKS.get(sign), away].filter(Boolean).join("\n");
}
