// Who one is here: a name, an account that keeps it, notifications, and the way out.

import { OWNERS } from "../place.js";
import { html, useEffect, useSignal } from "../ui.js";
import { register, rename } from "./names.js";
import { house } from "./owner/look.js";

const THEMES = [["", "As on this device"], ["light", "Light"], ["dark", "Dark"]];

/** @param {import("./dialogs.js").Props} props */
export function Account(props) {
  const { session } = props;
  return html`
    <${Name} ...${props} />
    ${session.house.account.value ? null : html`<${KeepName} ...${props} />`}
    <${Running} ...${props} />
    <${Notices} ...${props} />
    <${Colours} />
    <section>
      <h3>${session.house.account.value ? "Sign out" : "Leave"}</h3>
      <p class="soft">Everything that is kept on this device is removed.</p>
      <button class="plain" onClick=${() => session.leave()}>${session.house.account.value ? "Sign out" : "Leave"}</button>
    </section>`;
}

/** @param {import("./dialogs.js").Props} props */
function Name({ session, close }) {
  const change = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const nick = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("nick")).trim();
    if (nick && nick !== session.house.nick.value) rename(session, nick);
    close();
  };
  return html`
    <form class="inline" onSubmit=${change}>
      <label><span>Name</span><input name="nick" defaultValue=${session.house.nick.value} autocapitalize="off" spellcheck=${false} maxlength="64" /></label>
      <button class="plain">Change</button>
    </form>`;
}

/** @param {import("./dialogs.js").Props} props */
function KeepName({ session, close }) {
  const problem = useSignal("");
  const busy = useSignal(false);
  const keep = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    busy.value = true;
    problem.value = await register(session, String(given.get("password")), String(given.get("email") || "*"));
    busy.value = false;
    if (problem.value) return;
    close();
    session.tell(`${session.house.nick.value} is yours now. On another device, choose “I have an account”.`);
  };
  const terms = session.house.caps.value.get("draft/account-registration");
  if (terms === undefined) return html`<section><h3>Keep this name</h3><p class="soft">Whoever runs this place makes the accounts here: ask them for one.</p></section>`;
  return html`
    <section>
      <h3>Keep this name</h3>
      <p class="soft">With a password, <bdi>${session.house.nick.value}</bdi> is yours: nobody else can use it, your messages and what you have read are on all your devices, and you can share files.</p>
      ${!isSecureContext && html`<p class="soft">This page came by plain HTTP: others on this network could read the password. Use one that you use nowhere else.</p>`}
      <form onSubmit=${keep}>
        <label><span>Password, of 8 characters or more</span><input name="password" type="password" autocomplete="new-password" data-first required minlength="8" /></label>
        ${terms.split(",").includes("email-required") && html`<label><span>Mail address</span><input name="email" type="email" required /></label>`}
        ${problem.value && html`<p class="problem" role="alert">${problem.value}</p>`}
        <button class="main" disabled=${busy.value}>Keep this name</button>
      </form>
    </section>`;
}

/** The way to the page of who runs the place, for them. @param {import("./dialogs.js").Props} props */
function Running({ session, close }) {
  const may = useSignal(false);
  useEffect(() => {
    house(session).then(([sections]) => {
      may.value = Boolean(sections?.length);
    }, () => {});
  }, []);
  return may.value ? html`<section><h3>Run this place</h3><p class="soft">How it is, who is here, invites, files, bans, and what was done.</p><a class="plain" href=${OWNERS} onClick=${close}>Open</a></section>` : null;
}

/** @param {import("./dialogs.js").Props} props */
function Notices({ session }) {
  const { notices } = session;
  const why = objection();
  return html`
    <section>
      <h3>Notifications</h3>
      <p class="soft">${why || words(notices)}</p>
      ${!why && html`<label class="check"><input type="checkbox" checked=${notices.on.value} onChange=${() => notices.toggle()} /><span>Tell me on this device when somebody writes to me</span></label>`}
    </section>`;
}

/** Light or dark, on this device: kept where `main.js` finds it before anything is drawn. */
function Colours() {
  const root = document.documentElement.style;
  const choose = (/** @type {Event} */ event) => {
    root.colorScheme = /** @type {HTMLSelectElement} */ (event.target).value;
    localStorage.setItem("hubbub.theme", root.colorScheme);
  };
  return html`
    <section>
      <h3>Colours</h3>
      <select aria-label="Colours" onChange=${choose}>
        ${THEMES.map(([theme, about]) => html`<option key=${theme} value=${theme} selected=${theme === root.colorScheme}>${about}</option>`)}
      </select>
    </section>`;
}

/** Why there can be none, in a sentence; "" where there can. */
function objection() {
  if (!isSecureContext) return "Browsers show notifications of pages that came by HTTPS, or from this very computer, and this one came by plain HTTP. The command hubbub web shows it on your own computer.";
  if (!("Notification" in globalThis)) return "This browser shows no notifications; on an iPhone, add the page to the home screen first.";
  if (Notification.permission === "denied") return "This browser was told not to show notifications of this page; its settings for this site change that.";
  return "";
}

/** What is told, and when. @param {import("../notices.js").Notices} notices */
function words(notices) {
  return notices.pushes() ? "Of words to you alone, and of those that name you; also while this page is closed." : "Of words to you alone, and of those that name you, while this page is open somewhere.";
}
