// Telling somebody who does not look: in the title, by notifications, and by push when the page is closed.
// https://www.w3.org/TR/push-api/ and https://github.com/ircv3/ircv3-specifications/pull/471

import { effect, signal } from "../vendor/signals.js";
import { plain } from "./format.js";

/** @typedef {import("./session.js").Session} Session */

const KEPT = "hubbub.notices"; // in localStorage

export class Notices {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.on = signal(localStorage.getItem(KEPT) === "on" && "Notification" in globalThis && Notification.permission === "granted");
  }

  /** Look after the title, and tell of news. */
  watch() {
    const { house, client } = this.session;
    effect(() => {
      const mentions = house.conversations.value.reduce((sum, talk) => sum + talk.mentions.value, 0);
      const unread = house.conversations.value.some((talk) => talk.unread.value);
      const name = house.active.value?.name;
      const place = house.network.value || this.session.place.network;
      document.title = `${mentions ? `(${mentions}) ` : unread ? "• " : ""}${name ? `${name} — ${place}` : place}`;
    });
    client.onNews = (talk, row) => {
      if (this.on.value && (row.mention || !talk.isRoom) && row.at > Date.now() - 60_000) this.#show(talk.name, row);
    };
  }

  async toggle() {
    const granted = !this.on.value && (await Notification.requestPermission()) === "granted";
    this.on.value = granted;
    localStorage.setItem(KEPT, granted ? "on" : "off");
    await (granted ? this.renew() : this.#unsubscribe()).catch((/** @type {Error} */ why) => this.session.tell(`No push while the page is closed: ${why.message}`));
  }

  /** Say to the server where we can be reached; once a connection, since it forgets who does not come back. */
  async renew() {
    if (!this.on.value || !this.pushes()) return;
    const worker = await navigator.serviceWorker.ready;
    const key = this.session.house.features.get("VAPID");
    const known = await worker.pushManager.getSubscription();
    const subscription = known ?? await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const { endpoint, keys } = subscription.toJSON();
    await this.session.client.ask("WEBPUSH", ["REGISTER", endpoint ?? "", `p256dh=${keys?.p256dh};auth=${keys?.auth}`]);
  }

  async #unsubscribe() {
    if (!("serviceWorker" in navigator)) return;
    const worker = await navigator.serviceWorker.getRegistration();
    const subscription = await worker?.pushManager.getSubscription();
    if (!subscription) return;
    await subscription.unsubscribe();
    await this.session.client.ask("WEBPUSH", ["UNREGISTER", subscription.endpoint]);
  }

  /** Whether the server can push to us. */
  pushes() {
    const { house, client } = this.session;
    return isSecureContext && "PushManager" in globalThis && client.can("draft/webpush") && house.account.value !== "" && house.features.get("VAPID") !== "";
  }

  /** @param {string} name @param {import("./reading.js").Row} row */
  async #show(name, row) {
    const title = this.session.house.features.isRoom(name) ? `${row.nick} in ${name}` : row.nick;
    const options = { body: plain(row.text).slice(0, 200), tag: name, data: { name } };
    const worker = await navigator.serviceWorker?.getRegistration();
    if (worker) await worker.showNotification(title, options);
    else new Notification(title, options).onclick = () => this.session.open(name);
  }
}
