// Where it begins: the page is drawn, and whoever was here before comes back.

import { Desk } from "./desk.js";
import { shortcuts } from "./keys.js";
import { Session } from "./session.js";
import { arrivals, effect, html, render } from "./ui.js";
import { App } from "./views/app.js";
import { placeOf } from "./place.js";

document.documentElement.style.colorScheme = localStorage.getItem("hubbub.theme") ?? "";
const session = new Session(placeOf(document, location));
const desk = new Desk();
session.watch();
if (!session.place.invite) session.resume();
desk.follow(session.place);
addEventListener("hashchange", () => {
  const place = placeOf(document, location);
  desk.follow(place);
  session.follow(place);
});
effect(() => {
  if (session.house.standing.value === "online") arrivals.value = arrivals.peek() + 1;
});
addEventListener("keydown", (event) => shortcuts(event, session, desk));
render(html`<${App} session=${session} desk=${desk} />`, /** @type {Element} */ (document.querySelector("#page")));

if ("serviceWorker" in navigator) {
  const worker = `${session.place.base}sw.js`;
  // The one place where text becomes a script's address, and only this text does.
  const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("hubbub", { createScriptURL: () => worker });
  navigator.serviceWorker.register(policy?.createScriptURL("") ?? worker).catch(() => {});
  navigator.serviceWorker.addEventListener("message", ({ data }) => session.open(data.name));
}
