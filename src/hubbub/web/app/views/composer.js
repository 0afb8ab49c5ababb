// Where one writes: text, commands, files, an answer to a message or other words for one.

import { lastOwn, objection } from "../deeds.js";
import { fetched, HAS_KEYS, html, later, useEffect, useLayoutEffect, useRef, useSignal } from "../ui.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../house.js").Conversation} Conversation */
/** @typedef {import("../later/uploads.js").Upload} Upload */
/** @typedef {{session: Session, desk: Desk, talk: Conversation}} Props */

const Picker = later(() => import("../later/picker.js"), "Picker");
const Uploads = later(() => import("../later/uploads.js"), "Uploads");
const TYPING_MS = 3_000; // between two times that others are told

/** @param {Props} props */
export function Composer({ session, desk, talk }) {
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const text = useSignal(talk.draft);
  const uploads = useSignal(/** @type {Upload[]} */ ([]));
  const offer = useSignal(/** @type {import("../later/suggestions.js").Offer} */ ({ from: 0, found: [] }));
  const chosen = useSignal(0);
  const told = useRef(0);

  const write = (/** @type {string} */ next) => {
    text.value = talk.draft = next;
  };
  const share = async (/** @type {File[]} */ files) => {
    if (!files.length) return;
    field.current?.focus();
    const why = objection(session);
    if (why) {
      session.tell(why);
      return;
    }
    const found = await fetched(import("../later/uploads.js"), (text) => session.tell(text));
    if (!found) return;
    const begun = files.map((file) => new found.Upload(file, session));
    uploads.value = [...uploads.value, ...begun];
    begun.forEach((upload) => upload.send());
  };
  const mayChoose = (/** @type {Event} */ event) => {
    const why = objection(session);
    if (!why) return;
    event.preventDefault(); // before somebody has chosen files for nothing
    session.tell(why);
  };
  const insert = (/** @type {string} */ more) => {
    const { selectionStart: start, selectionEnd: end } = /** @type {HTMLTextAreaElement} */ (field.current);
    put(text.value.slice(0, start) + more, text.value.slice(end));
  };
  const put = (/** @type {string} */ before, /** @type {string} */ after) => {
    write(before + after);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(before.length, before.length);
    });
  };
  useEffect(() => {
    desk.write = () => field.current?.focus();
    desk.insert = insert;
    desk.share = share;
  });
  useEffect(() => {
    if (HAS_KEYS) field.current?.focus();
  }, []);
  useEffect(() => {
    if (talk.editing.value) put(talk.editing.value.text, "");
  }, [talk.editing.value]);
  useLayoutEffect(() => grow(field.current), [text.value]);

  const tellTyping = () => {
    if (!session.client.online) return;
    const state = !text.value || text.value[0] === "/" ? "done" : "active";
    if (state === "active" ? Date.now() - told.current < TYPING_MS : !told.current) return;
    told.current = state === "active" ? Date.now() : 0;
    session.client.send("TAGMSG", [talk.name], { "+typing": state });
  };
  const look = async (asked = false) => {
    const module = await fetched(import("../later/suggestions.js"), (text) => asked && session.tell(text));
    if (!module) return;
    const caret = field.current?.selectionStart ?? 0;
    offer.value = await module.suggest(session, talk, text.value.slice(0, caret), asked);
    chosen.value = 0;
    if (asked && offer.value.found.length === 1) accept(0);
  };
  const accept = (/** @type {number} */ index) => {
    const { from, found } = offer.value;
    const caret = field.current?.selectionStart ?? 0;
    const { text: word } = found[index];
    offer.value = { from: 0, found: [] };
    put(text.value.slice(0, from) + word, text.value.slice(caret));
  };
  /** Whether what is offered is what stands there already. */
  const isWhole = () => {
    const { from, found } = offer.value;
    return text.value.slice(from, field.current?.selectionStart) === found[chosen.value].text.trimEnd();
  };
  const dropUpload = (/** @type {Upload} */ upload) => {
    upload.stop();
    uploads.value = uploads.value.filter((other) => other !== upload);
  };

  const obey = async (/** @type {string} */ line) => {
    const commands = await fetched(import("../later/commands.js"), (text) => session.tell(text));
    if (!commands) {
      if (!text.value) write(line);
      return;
    }
    try {
      commands.obey({ session, desk, talk }, line);
    } catch (why) {
      if (!(why instanceof commands.BadCommand)) throw why;
      session.tell(why.message);
      if (!text.value) write(line);
    }
  };
  const send = (/** @type {Event | undefined} */ event) => {
    event?.preventDefault();
    const typed = text.value.trimEnd();
    if (typed[0] === "/" && typed[1] !== "/" && !talk.editing.value) {
      obey(typed); // files wait for a message
      emptied();
      return;
    }
    const links = uploads.value.map((upload) => upload.link.value);
    if (uploads.value.some((upload) => !upload.link.value)) {
      session.tell("A file is still on its way, or was not taken: wait for it, or remove it");
      return;
    }
    const said = [typed, ...links].filter(Boolean).join("\n");
    if (!said) return;
    if (talk.editing.value) {
      if (!edit(session, talk, said)) return;
    } else session.say(talk, said.replace(/^\/\//, "/"));
    uploads.value = [];
    emptied();
  };
  const emptied = () => {
    told.current = 0;
    offer.value = { from: 0, found: [] };
    write("");
  };
  const cancel = () => {
    if (talk.editing.value) write("");
    talk.replyingTo.value = talk.editing.value = null;
  };

  const key = (/** @type {KeyboardEvent} */ event) => {
    const { found } = offer.value;
    if (event.isComposing) return;
    if (found.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      chosen.value = (chosen.value + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
    } else if (found.length && (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !isWhole()))) accept(chosen.value);
    else if (found.length && event.key === "Escape") offer.value = { from: 0, found: [] };
    else if (event.key === "Tab" && !event.shiftKey && text.value) look(true);
    else if (event.key === "Enter" && !event.shiftKey && HAS_KEYS) send(undefined);
    else if (event.key === "Escape" && (talk.replyingTo.value || talk.editing.value)) cancel();
    else if (event.key === "ArrowUp" && !text.value) {
      const last = lastOwn(session, talk);
      if (!last) return;
      talk.editing.value = { id: last.id, nick: last.nick, text: last.text };
    } else return;
    event.preventDefault();
  };
  const paste = (/** @type {ClipboardEvent} */ event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) event.preventDefault();
    share(files);
  };

  const about = talk.editing.value ?? talk.replyingTo.value;
  return html`
    <form class="composer" onSubmit=${send}>
      ${about && html`
        <p class="about"><span>${talk.editing.value ? "Editing your message" : html`Replying to <bdi>${about.nick}</bdi>: <span class="soft" dir="auto">${about.text.slice(0, 80)}</span>`}</span>
          <button type="button" class="quiet" aria-label="Cancel" onClick=${cancel}>×</button></p>`}
      ${uploads.value.length > 0 && html`<${Uploads} uploads=${uploads.value} drop=${dropUpload} />`}
      ${offer.value.found.length > 0 && html`
        <ul class="offer" role="listbox" id="offer" aria-label="Suggestions">
          ${offer.value.found.map((one, index) => html`
            <li key=${one.text} id=${`offer-${index}`} role="option" aria-selected=${index === chosen.value} onPointerDown=${(/** @type {Event} */ event) => { event.preventDefault(); accept(index); }}>
              <b>${one.text}</b><span class="soft">${one.about}</span>
            </li>`)}
        </ul>`}
      ${desk.picking.value === "composer" && html`<${Picker} desk=${desk} choose=${insert} />`}
      <div class="line-of-tools">
        <label class="quiet attach" title="Share a file"><span aria-hidden="true">+</span><input type="file" multiple aria-label="Share files" onClick=${mayChoose} onChange=${(/** @type {Event} */ event) => { const input = /** @type {HTMLInputElement} */ (event.target); share([...(input.files ?? [])]); input.value = ""; }} /></label>
        <textarea ref=${field} rows="1" dir="auto" value=${text.value} placeholder=${`Message ${talk.name}`} aria-label=${`Message ${talk.name}`}
          role=${offer.value.found.length ? "combobox" : undefined} aria-expanded=${offer.value.found.length ? "true" : undefined} aria-controls=${offer.value.found.length ? "offer" : undefined}
          aria-activedescendant=${offer.value.found.length ? `offer-${chosen.value}` : undefined} enterkeyhint=${HAS_KEYS ? "send" : "enter"}
          disabled=${talk.isRoom && !talk.present.value && session.client.online}
          onInput=${(/** @type {Event} */ event) => { write(/** @type {HTMLTextAreaElement} */ (event.target).value); tellTyping(); look(); }} onKeyDown=${key} onPaste=${paste}></textarea>
        <button type="button" class="quiet" aria-label="Emoji" title="Emoji" onClick=${() => { desk.picking.value = desk.picking.value === "composer" ? "" : "composer"; }}>☺</button>
        <button type="submit" class="main" disabled=${!text.value.trim() && !uploads.value.length}>Send</button>
      </div>
    </form>`;
}

/** Give a message other words; false where that cannot be. @param {Session} session @param {Conversation} talk @param {string} text */
function edit(session, talk, text) {
  const { id, text: before } = /** @type {import("../house.js").Quote} */ (talk.editing.value);
  if (text.includes("\n")) {
    session.tell("An edited message is one line; send the rest as another one");
    return false;
  }
  talk.editing.value = null;
  if (text !== before) session.client.order("EDIT", [talk.name, id, text]);
  return true;
}

/** As high as what it holds, up to a third of the screen: CSS sees to that. @param {HTMLTextAreaElement | null} field */
function grow(field) {
  if (!field || CSS.supports("field-sizing", "content")) return;
  field.rows = Math.min(field.value.split("\n").length, 10);
}
