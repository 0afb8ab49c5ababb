// Every command and every key, and who runs this place.

import { COMMANDS } from "./commands.js";
import { plain } from "../format.js";
import { html } from "../ui.js";

/** @type {[string, string][]} */
const KEYS = [
  ["Enter", "send; Shift+Enter begins a new line"],
  ["Tab", "complete a name; @ # / : offer names, rooms, commands and emoji"],
  ["↑", "in an empty field: edit your last message"],
  ["Ctrl+K", "go to a room or a person"],
  ["Alt+↑ Alt+↓", "previous and next conversation; with Shift the next unread one"],
  ["Ctrl+Shift+F", "search, here or everywhere"],
  ["F6", "to the messages and back: arrows choose one, R replies, E edits, + reacts, Delete takes back"],
  ["Esc", "close what is open"],
];

/** @param {import("./dialogs.js").Props} props */
export function Help({ session }) {
  return html`
    <h3>Commands</h3>
    <dl class="table">${[...COMMANDS.values()].map(({ usage, about }) => html`<dt key=${usage}><code>${usage}</code></dt><dd>${about}</dd>`)}</dl>
    <h3>Keys</h3>
    <dl class="table">${KEYS.map(([key, about]) => html`<dt key=${key}><kbd>${key}</kbd></dt><dd>${about}</dd>`)}</dl>
    <h3>Writing</h3>
    <p class="soft">*bold*, _italic_, ~~struck~~, ${"`code`"}, and ${"```"} around several lines of it.</p>
    ${session.house.motd.value.length > 0 && html`<h3>From who runs this place</h3><pre class="motd" tabindex="0" dir="auto">${session.house.motd.value.map(plain).join("\n")}</pre>`}`;
}
