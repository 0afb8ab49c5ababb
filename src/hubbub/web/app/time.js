// Times and days as people read them: in the language of the page, as it is written where they are, in their time zone.

const LOCALE = navigator.languages.find((language) => language.startsWith("en")) ?? "en-GB";
const CLOCK = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long" });
const YEAR = new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const FULL = new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "medium" });

/** @param {number} at in ms */
export function clock(at) {
  return CLOCK.format(at);
}

/** @param {number} at in ms */
export function day(at) {
  const [then, now] = [new Date(at), new Date()];
  return then.getFullYear() === now.getFullYear() ? DAY.format(then) : YEAR.format(then);
}

/** @param {number} at in ms */
export function full(at) {
  return FULL.format(at);
}

/** When the next day of this time zone begins. @param {number} at in ms @returns {number} in ms */
export function nextDay(at) {
  const then = new Date(at);
  return new Date(then.getFullYear(), then.getMonth(), then.getDate() + 1).getTime();
}
