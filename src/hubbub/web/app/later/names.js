// Being called something else, and keeping a name by an account.
// https://ircv3.net/specs/extensions/account-registration

import { flat } from "../batches.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../registration.js").Identity} Identity */

/** Be called something else, now and when we come back. @param {Session} session @param {string} nick */
export async function rename(session, nick) {
  try {
    await session.client.ask("NICK", [nick]);
    session.identity.value = { .../** @type {Identity} */ (session.identity.value), nick };
    session.save();
  } catch (why) {
    session.tell(/** @type {Error} */ (why).message);
  }
}

/** Make an account of our name. @param {Session} session @param {string} password @param {string} email @returns {Promise<string>} why not, or "" */
export async function register(session, password, email) {
  const account = session.house.nick.value;
  try {
    const answer = await session.client.ask("REGISTER", ["*", email, password]);
    const told = flat(answer).find(({ command }) => command === "REGISTER")?.params ?? [];
    if (told[0] === "VERIFICATION_REQUIRED") session.tell(`${told.at(-1)} Then type /raw VERIFY ${account} CODE`);
    session.identity.value = { .../** @type {Identity} */ (session.identity.value), nick: account, account, password };
    session.client.history.tellMarkers();
    session.keep.open(account);
    await session.remember(account);
    session.save();
    return "";
  } catch (why) {
    return /** @type {Error} */ (why).message;
  }
}
