// Which rooms there are, with how many in each, and the way in.

import { plain } from "../../format.js";
import { html } from "../../ui.js";
import { Records, useAnswer } from "./look.js";

/** @param {import("./look.js").Props} props */
export function Rooms({ session, desk }) {
  const { found, problem } = useAnswer(() => session.listRooms());
  const go = async (/** @type {string} */ name) => {
    await session.open(name);
    if (session.house.find(name)?.present.value) desk.toRooms();
  };
  return html`
    <${Records} problem=${problem} rows=${found} none="There are no rooms.">
      ${found?.map(({ name, count, topic }) => html`
        <li key=${name}>
          <p><b><bdi>${name}</bdi></b> <span class="soft">${count} here</span>${topic && html`<br /><small class="soft" dir="auto">${plain(topic)}</small>`}</p>
          <span class="deeds"><button class="plain small" aria-label=${`Go into ${name}`} onClick=${() => go(name)}>Go in</button></span>
        </li>`)}
    <//>`;
}
