// The page without a connection, and what is pushed while it is closed.
// https://www.w3.org/TR/service-workers/ and https://www.w3.org/TR/push-api/

const BASE = "%BASE%";
const ASSETS = "%ASSETS%";
const PATHS = ["%PATHS%"];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll([BASE, ...PATHS])).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== ASSETS).map((name) => caches.delete(name)))));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && (pathname === BASE || pathname.startsWith(`${BASE}j/`))) {
    event.respondWith(fetch(request).catch(() => caches.match(BASE)));
  } else if (pathname.startsWith(`${BASE}assets/`)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

addEventListener("push", (event) => {
  const told = read(event.data?.text() ?? "");
  event.waitUntil(registration.showNotification(told.title, { body: told.body, tag: told.name, data: { name: told.name } }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.name));
});

async function open(name) {
  const [page] = await clients.matchAll({ type: "window" });
  if (!page) return clients.openWindow(name.startsWith("#") ? `${BASE}${encodeURI(name)}` : BASE);
  page.postMessage({ name });
  return page.focus();
}

/** One line of IRC. */
function read(line) {
  const [, nick = "", target = "", text = ""] = /^(?:@\S+ )?:([^ !]+)\S* \S+ (\S+) :?(.*)$/s.exec(line) ?? [];
  const body = text.replace(/^\x01ACTION |[\x00-\x1f]/g, "");
  return target.startsWith("#") ? { name: target, title: `${nick} in ${target}`, body } : { name: nick, title: nick || "Something was said", body };
}
