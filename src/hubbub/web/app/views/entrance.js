// Where people come in: by a name alone, by an invite, or as somebody with an account.

import { deviceKey } from "../place.js";
import { html, useEffect, useRef, useSignal } from "../ui.js";

/** @typedef {import("../session.js").Session} Session */

/** @param {{session: Session, desk: import("../desk.js").Desk}} props */
export function Entrance({ session, desk }) {
  const account = useSignal(false);
  const proposed = useSignal("");
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => field.current?.focus(), []);
  const busy = session.identity.value !== null;
  const problem = session.house.problem.value;
  const { network, invite, room } = session.place;

  /** @param {SubmitEvent} event */
  const enter = (event) => {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const nick = String(given.get("nick")).trim().replaceAll(" ", "_");
    const password = account.value ? String(given.get("password")) : "";
    if (!nick) return;
    const plain = plainName(nick);
    proposed.value = !account.value && !session.place.isBridged && plain !== nick ? plain : "";
    if (proposed.value && field.current) {
      field.current.value = plain;
      field.current.select();
      return;
    }
    session.enter({ nick, account: password ? nick : "", password, invite, key: deviceKey() }, room ? [room] : [], given.get("stay") !== null);
  };

  return html`
    <main class="entrance">
      <form class="card" onSubmit=${enter}>
        <img class="mark" src=${`${session.place.assets}/icon.svg`} alt="" width="56" height="56" />
        <h1 dir="auto">${network}</h1>
        <p class="soft">${invite ? "You are invited. Say who you are, and you are in." : room ? html`Say who you are, and you are in <bdi>${room}</bdi>.` : "One room, every door."}</p>
        <label>
          <span>${account.value ? "Account" : "Your name"}</span>
          <input ref=${field} name="nick" autocomplete="username" autocapitalize="off" spellcheck=${false} required maxlength="64" defaultValue=${session.place.nick} />
        </label>
        ${account.value && html`
          <label>
            <span>Password</span>
            <input name="password" type="password" autocomplete="current-password" required />
          </label>
          <label class="check"><input type="checkbox" name="stay" defaultChecked /><span>Stay signed in on this device</span></label>`}
        ${proposed.value && html`<p role="status">Names here have plain letters, and no spaces. <bdi>${proposed.value}</bdi>, then?</p>`}
        ${problem && !proposed.value && html`<p class="problem" role="alert" dir="auto">${problem}</p>`}
        <button class="main" type="submit" disabled=${busy}>${busy ? "One moment…" : account.value ? "Sign in" : "Join"}</button>
        <button class="link" type="button" onClick=${() => { account.value = !account.value; field.current?.focus(); }}>
          ${account.value ? "Come in without an account" : "I have an account"}
        </button>
      </form>
      ${!isSecureContext && html`<p class="soft small">This page came by plain HTTP: chat, history and files work; notifications and installing it need HTTPS, or the command <code>hubbub web</code> on your own computer.</p>`}
    </main>`;
}

/** The same name in letters that every client can type; itself where nothing would be left. @param {string} name */
function plainName(name) {
  const plain = name.normalize("NFKD").replaceAll("ß", "ss").replace(/[^\w[\]\\`^{|}-]/g, "");
  return plain.replace(/^(?=[\d-])/, "_") || name;
}
