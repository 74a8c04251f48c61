/** What the page says of the shown state in words: which network, how good it is, and whether it trains. */

import { fixed, whole } from "./numbers.js";

/** @typedef {import("./session.js").Session} Session */

/**
 * @param {Session} session
 * @returns {string} the run's subtitle, or which other network is trained here
 */
export function subtitleOf({ recorded, settings }) {
  const { words } = recorded;
  const kinds = settings.network.activations.map(({ kind }) => kind);
  const isSame = settings.network.sizes.join() === words.network.sizes.join();
  if (isSame && kinds.join() === words.network.activations.map(({ kind }) => kind).join()) return words.subtitle;
  return `Now a ${settings.network.sizes.join(" → ")} network, ${[...new Set(kinds)].join(" and ")}`;
}

/**
 * @param {Session} session
 * @returns {string} how good the shown state is
 */
export function measureOf({ shown, recorded }) {
  const { lossDecimals, training } = recorded.words;
  const { accuracy, loss } = shown;
  const { count } = shown.state.data;
  const { testLoss, testAccuracy } = shown;
  const tested = shown.state.heldOut?.data.count ?? 0;
  const also = testAccuracy === null ? "" : `, ${Math.round(testAccuracy * tested)} of ${tested} held out`;
  const right = accuracy === null ? "" : `${Math.round(accuracy * count)} of ${count} right${also} · `;
  const plain = training.batch === null ? "loss" : "loss over all data";
  const what = testLoss === null ? plain : "training loss";
  const held = testLoss === null ? "" : `, held out ${fixed(testLoss, lossDecimals)}`;
  return `${right}${what} ${loss === null ? "–" : fixed(loss, lossDecimals)}${held}`;
}

/**
 * @param {Session} session
 * @param {import("./player.js").Player} player
 * @returns {string} what a reader should know about the run, recorded or live
 */
export function noteOf(session, player) {
  const { note, divergedAt, mode } = session;
  const { untwinned } = session.recorded.words;
  if (untwinned) return `This page plays the run, and cannot train on: its engine has no twin of ${untwinned}.`;
  if (mode !== "live")
    return divergedAt === null ? "" : `This run diverged at step ${whole(divergedAt)}; what it kept ends before.`;
  if (divergedAt !== null)
    return `The training diverged at step ${whole(divergedAt)}: try less aggression, then Reset.`;
  const pace = player.playing && player.pace ? `${whole(player.pace)} steps a second. ` : "";
  return `Live. ${pace}${note}`;
}
