// One entry of a conversation: a message with what belongs to it, or a line of comings and goings.

import { classes, html, hue, later } from "../ui.js";
import { clock, full } from "../time.js";
import { plain } from "../format.js";
import { act, mayEdit, mayRedact, react } from "../deeds.js";
import { elements } from "./text.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../desk.js").Desk} Desk */
/** @typedef {import("../house.js").Conversation} Conversation */
/** @typedef {import("../reading.js").Row} Row */
/** @typedef {{row: Row, session: Session, desk: Desk, talk: Conversation}} Props */

const Attachments = later(() => import("../later/attachments.js"), "Attachments", true);
const Picker = later(() => import("../later/picker.js"), "Picker");
const QUICK = ["👍", "❤️", "😂", "🎉"];
const QUOTED = 90; // characters of the message that is answered
const EVENTS_SHOWN = 4;

/** @param {Props & {grouped: boolean, hot: boolean, picking: boolean}} props */
export function Message({ row, grouped, hot, picking, session, desk, talk }) {
  if (session.house.ignores(row.nick)) return null;
  const props = { row, session, desk, talk };
  const named = classes({ row: true, grouped, own: row.own, mention: row.mention, notice: row.kind === "notice", action: row.kind === "action", [row.stage]: row.stage });
  return html`
    <article class=${named} data-id=${row.id} tabindex="-1" onFocusIn=${() => { desk.hot.value = row.id; }} onClick=${() => { desk.hot.value = row.id; }}>
      <time dateTime=${new Date(row.at).toISOString()} title=${hot ? full(row.at) : undefined}>${clock(row.at)}</time>
      <span class=${`nick ${hue(row.nick)}`} title=${row.nick}>${grouped ? html`<span class="unseen">${row.nick}</span>` : row.kind === "action" ? "✳" : html`<bdi>${row.nick}</bdi>`}</span>
      <div class="body">
        ${row.replyTo && html`<${Quote} ...${props} />`}
        ${row.removed ? html`<p class="text soft">message taken back</p>` : html`
          <div class="text" dir="auto">${row.kind === "action" && html`<bdi class=${hue(row.nick)}>${row.nick}</bdi>${" "}`}${elements(row.text, session)}${row.edited && html`<small class="soft"> (edited)</small>`}</div>
          ${row.text.includes("://") && html`<${Attachments} text=${row.text} session=${session} />`}`}
        ${row.reactions.length > 0 && html`<${Reactions} ...${props} />`}
        ${row.stage && html`<${Fate} ...${props} />`}
        ${picking && html`<${Picker} desk=${desk} choose=${(/** @type {string} */ emoji) => react(session, talk, row, emoji)} />`}
      </div>
      ${hot && !row.stage && !row.removed && html`<${Tools} ...${props} />`}
    </article>`;
}

/** @param {Props} props */
function Quote({ row, session, talk }) {
  const about = talk.transcript.find(row.replyTo);
  if (about && session.house.ignores(about.nick)) return null;
  const text = about ? plain(about.text).replace(/\s+/g, " ").slice(0, QUOTED) : "";
  return html`
    <button class="quote" onClick=${() => session.client.history.jump(talk, row.replyTo)}>
      <span aria-hidden="true">↩ </span>${about ? html`<bdi class=${hue(about.nick)}>${about.nick}</bdi> <span dir="auto">${about.removed ? "message taken back" : text}</span>` : "an earlier message"}
    </button>`;
}

/** @param {Props} props */
function Reactions({ row, session, talk }) {
  const me = (/** @type {string} */ nick) => session.house.isMe(nick);
  return html`
    <div class="reactions">
      ${row.reactions.map(({ emoji, nicks }) => html`
        <button key=${emoji} class="chip" aria-pressed=${nicks.some(me)} aria-label=${`${emoji} by ${nicks.join(", ")}`} title=${nicks.join(", ")} onClick=${() => react(session, talk, row, emoji)}>
          <span dir="auto">${emoji.slice(0, 24)}</span> ${nicks.length}
        </button>`)}
    </div>`;
}

/** What became of a message of ours. @param {Props} props */
function Fate({ row, session }) {
  const { posting } = session.client;
  if (row.stage !== "failed") return html`<p class="fate soft">${row.stage === "sending" ? "sending…" : "waits for the connection"}</p>`;
  return html`
    <p class="fate problem" role="alert"><span dir="auto">Not sent: ${row.problem}</span>${" "}
      <button class="link" onClick=${() => posting.retry(row.id)}>Try again</button>
      <button class="link" onClick=${() => posting.discard(row.id)}>Discard</button>
    </p>`;
}

/** @param {Props} props */
function Tools({ row, session, desk, talk }) {
  return html`
    <div class="tools" role="toolbar" aria-label="This message">
      ${QUICK.map((emoji) => html`<button key=${emoji} aria-label=${`React with ${emoji}`} onClick=${() => react(session, talk, row, emoji)}>${emoji}</button>`)}
      <button aria-label="Another reaction" title="React (+)" onClick=${() => { desk.picking.value = desk.picking.value === row.id ? "" : row.id; }}>☺</button>
      <button onClick=${() => act(session, desk, talk, row, "r")} title="Reply (R)">Reply</button>
      ${mayEdit(session, row) && html`<button onClick=${() => act(session, desk, talk, row, "e")} title="Edit (E)">Edit</button>`}
      ${mayRedact(session, talk, row) && html`<button onClick=${() => act(session, desk, talk, row, "Delete")} title="Take back (Delete)">Remove</button>`}
    </div>`;
}

/** Comings and goings, folded into one line. @param {{rows: Row[]}} props */
export function Events({ rows }) {
  const told = rows.map(words).filter(Boolean);
  const hidden = told.length - EVENTS_SHOWN;
  const shown = hidden > 0 ? told.slice(-EVENTS_SHOWN) : told;
  if (!told.length) return null;
  return html`
    <div class="row events soft" data-id=${rows[0].id}>
      <time dateTime=${new Date(rows[0].at).toISOString()} title=${full(rows[0].at)}>${clock(rows[0].at)}</time>
      <span></span>
      <p dir="auto">${hidden > 0 && `${hidden} more, then `}${shown.join(" · ")}</p>
    </div>`;
}

/** @param {Row} row */
function words(row) {
  const reason = plain(row.text).replace(/^Quit: /, ""); // which servers put before it, and before none
  const why = reason && ` (${reason})`;
  switch (row.event) {
    case "JOIN": return `→ ${row.nick} joined`;
    case "PART": return `← ${row.nick} left${why}`;
    case "QUIT": return `← ${row.nick} left${why}`;
    case "KICK": return `← ${row.who} was put out by ${row.nick}${why}`;
    case "NICK": return `${row.nick} is now ${row.who}`;
    case "TOPIC": return row.text ? `${row.nick} set the topic: ${plain(row.text)}` : `${row.nick} took the topic away`;
    case "MODE": return `${row.nick} set ${row.text}`;
    default: return "";
  }
}
