// How the server was and is: a small plot for each number.

import { html, useSignal } from "../../ui.js";
import { clock } from "../../time.js";
import { sized } from "../uploads.js";
import { house, useAnswer } from "./look.js";

/** @typedef {{at: number, minutes: number, numbers: number[]}} Sample the minutes since the one before, and the server's numbers */
/** @typedef {{title: string, value: (sample: Sample) => number, words: (value: number) => string}} Plot */

const EVERY_MS = 30_000;
const SPANS = [["180", "3 hours"], ["1440", "a day"]];
const [WIDTH, HEIGHT] = [300, 60];

/** @param {number} value */
const whole = (value) => Math.round(value).toLocaleString();

/** In the order of HOUSE HEALTH: people, connections, rooms, rows, µs, ‰, KiB, KiB. @type {Plot[]} */
const PLOTS = [
  { title: "People", value: ({ numbers }) => numbers[0], words: whole },
  { title: "Connections", value: ({ numbers }) => numbers[1], words: whole },
  { title: "Rooms", value: ({ numbers }) => numbers[2], words: whole },
  { title: "Stored a minute", value: ({ numbers, minutes }) => numbers[3] / minutes, words: whole },
  { title: "Until it is on the disk", value: ({ numbers }) => numbers[4] / 1000, words: (value) => `${value.toFixed(1)} ms` },
  { title: "Processor", value: ({ numbers }) => numbers[5] / 10, words: (value) => `${value.toFixed(1)} %` },
  { title: "Memory", value: ({ numbers }) => numbers[6] * 1024, words: sized },
  { title: "Messages on the disk", value: ({ numbers }) => numbers[7] * 1024, words: sized },
];

/** @param {import("./look.js").Props} props */
export function Health({ session }) {
  const span = useSignal(SPANS[0][0]);
  const { found, problem, again } = useAnswer(async () => samples(await house(session, "HEALTH", span.value)), EVERY_MS);
  if (problem.value) return html`<p class="problem" role="alert">${problem.value}</p>`;
  if (!found) return html`<p class="soft">One moment…</p>`;
  const choose = (/** @type {Event} */ event) => {
    span.value = /** @type {HTMLSelectElement} */ (event.target).value;
    again();
  };
  return html`
    <label class="choice"><span>The last</span>
      <select value=${span.value} onChange=${choose}>${SPANS.map(([value, words]) => html`<option key=${value} value=${value}>${words}</option>`)}</select>
    </label>
    <p class="soft">${found.length < 2 ? "The server has just started: it looks at itself once a minute." : `From ${clock(found[0].at)} to now; what was before the last start is not kept.`}</p>
    <div class="plots">${PLOTS.map((plot) => html`<${Card} key=${plot.title} plot=${plot} found=${found} />`)}</div>`;
}

/** @param {{plot: Plot, found: Sample[]}} props */
function Card({ plot, found }) {
  const values = found.map(plot.value);
  const [now, least, most] = [values.at(-1) ?? 0, Math.min(...values), Math.max(...values)].map(plot.words);
  const range = least === most ? "" : `from ${least} to ${most}`;
  return html`
    <figure class="plot">
      <figcaption>${plot.title} <b>${now}</b> <small class="soft">${range || "steady"}</small></figcaption>
      ${found.length > 1 && html`
        <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${`${plot.title}: ${now} now${range && `, ${range}`}`}>
          <path d=${line(found.map(({ at }) => at), values)} vector-effect="non-scaling-stroke" />
        </svg>`}
    </figure>`;
}

/** As an SVG path; what grows from nothing to a little is not drawn as a leap. @param {number[]} times @param {number[]} values */
function line(times, values) {
  const [first, last] = [times[0], times[times.length - 1]];
  const top = Math.max(...values, 1) * 1.1;
  const points = values.map((value, index) => {
    const x = ((times[index] - first) / Math.max(last - first, 1)) * WIDTH;
    return `${x.toFixed(1)} ${(HEIGHT - (value / top) * HEIGHT).toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}

/** @param {string[][]} rows @returns {Sample[]} */
function samples(rows) {
  const times = rows.map(([time]) => Date.parse(time));
  return rows.map(([, ...numbers], index) => {
    const minutes = index ? (times[index] - times[index - 1]) / 60_000 : 1;
    return { at: times[index], minutes: Math.max(minutes, 1 / 60), numbers: numbers.map(Number) };
  });
}
