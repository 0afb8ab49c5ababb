// The list of rooms and of people one talks with, with what is unread in each.

import { classes, html } from "../ui.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../house.js").Conversation} Conversation */

/** @param {{session: Session, desk: Desk}} props */
export function Sidebar({ session, desk }) {
  const { house } = session;
  const talks = house.conversations.value;
  const open = (/** @type {"join" | "account" | "help"} */ name) => () => {
    desk.drawer.value = "";
    desk.dialog.value = name;
  };
  return html`
    <nav class="sidebar" aria-label="Conversations">
      <p class="place" dir="auto" title=${house.network.value}>${house.network.value || session.place.network}</p>
      <div class="talks">
        <${Group} title="Rooms" talks=${talks.filter((talk) => talk.isRoom)} session=${session} desk=${desk} action=${html`<button class="quiet" onClick=${open("join")} aria-label="Join or make a room" title="Join or make a room">+</button>`} />
        <${Group} title="Direct" talks=${talks.filter((talk) => !talk.isRoom)} session=${session} desk=${desk} />
      </div>
      <footer>
        <${Connection} session=${session} />
        <button class="me" onClick=${open("account")}>
          <bdi>${house.nick.value}</bdi>
          <small>${house.account.value ? "account" : "guest · keep this name"}</small>
        </button>
        <button class="quiet" onClick=${open("help")} aria-label="Help" title="Help (F1)">?</button>
      </footer>
    </nav>`;
}

/** @param {{title: string, talks: Conversation[], session: Session, desk: Desk, action?: import("../ui.js").VNode}} props */
function Group({ title, talks, session, desk, action }) {
  if (!talks.length && !action) return null;
  return html`
    <section>
      <h2>${title}${action}</h2>
      <ul>${talks.map((talk) => html`<${Entry} key=${talk.name} talk=${talk} session=${session} desk=${desk} />`)}</ul>
    </section>`;
}

/** @param {{talk: Conversation, session: Session, desk: Desk}} props */
function Entry({ talk, session, desk }) {
  const front = session.house.active.value === talk;
  const [unread, mentions] = [talk.unread.value, talk.mentions.value];
  const show = () => {
    session.show(talk);
    desk.toRooms();
    desk.drawer.value = "";
    desk.write();
  };
  return html`
    <li class=${classes({ entry: true, front, unread, absent: !talk.present.value })}>
      <button onClick=${show} aria-current=${front ? "page" : undefined}>
        ${!talk.isRoom && html`<i class=${classes({ dot: true, here: talk.online.value })}></i>`}
        <bdi>${talk.name}</bdi>
        ${unread > 0 && html`<span class=${classes({ badge: true, mention: mentions })} aria-label=${`${unread} unread${mentions ? `, ${mentions} for you` : ""}`}>${mentions ? `@ ${counted(mentions)}` : counted(unread)}</span>`}
      </button>
      <button class="quiet close" aria-label=${talk.isRoom ? `Leave ${talk.name}` : `Close ${talk.name}`} title=${talk.isRoom ? "Leave" : "Close"} onClick=${() => session.close(talk)}>×</button>
    </li>`;
}

/** @param {{session: Session}} props */
function Connection({ session }) {
  const { standing, retryAt } = session.house;
  if (standing.value === "online") return html`<p class="standing online"><i class="dot here"></i>connected</p>`;
  return html`
    <p class="standing" role="status"><i class="dot"></i>${standing.value === "connecting" ? "connecting…" : "offline"}${" "}
      ${retryAt.value > 0 && html`<button class="link" onClick=${() => session.hurry()}>try now</button>`}
    </p>`;
}

/** @param {number} count */
function counted(count) {
  return count > 99 ? "99+" : String(count);
}
