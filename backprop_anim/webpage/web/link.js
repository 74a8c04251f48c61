/** The place that is shown, and what a reader changed, in the fragment of the page's address; and back. */

import { editsOf, redo } from "./edits.js";
import { fromBase64, through } from "./packed.js";
import { PHASES } from "./shown.js";

/** @typedef {import("./session.js").Session} Session */

const MOST_LETTERS = 60000;
const STORED = 65535;

/**
 * @param {Session} session
 * @returns {string} the fragment of what is shown, without its #; changes that are too large for a link are left out
 */
export function fragmentOf(session) {
  const parts = [`step=${session.step}`];
  if (session.phase !== "none") parts.push(`phase=${session.phase}`);
  const edit = session.trainer ? packed(editsOf(session)) : "";
  if (edit && edit.length <= MOST_LETTERS) parts.push(`edit=${edit}`);
  return parts.join("&");
}

/** @param {Session} session */
export function linkTo(session) {
  return `${location.href.split("#")[0]}#${fragmentOf(session)}`;
}

/**
 * Bring a session to what a fragment says; what is unknown or bad is left out.
 *
 * @param {Session} session
 * @param {string} fragment with or without its #
 * @returns {Promise<{notes: string[], embed: boolean}>}
 */
export async function follow(session, fragment) {
  const notes = [];
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const step = Number(given.get("step") ?? 0);
  if (!Number.isInteger(step) || step < 0) notes.push(`there is no step ${given.get("step")}`);
  else if (given.has("step")) session.show(session.recorded.rowAt(step));
  if (given.has("edit")) {
    try {
      redo(session, await unpacked(given.get("edit") ?? ""));
    } catch (error) {
      notes.push(`its changes cannot be read (${error instanceof Error ? error.message : error})`);
    }
  }
  const phase = PHASES.find((name) => name === given.get("phase"));
  if (phase) session.tell(phase);
  else if (given.has("phase")) notes.push(`there is no phase ${given.get("phase")}`);
  for (const key of given.keys()) {
    if (!["step", "phase", "edit", "embed"].includes(key)) notes.push(`${key} means nothing here`);
  }
  return { notes: notes.map((note) => `The link: ${note}.`), embed: given.has("embed") };
}

/**
 * @param {unknown} value
 * @returns {string} its JSON, deflated, in the letters of base64url
 */
function packed(value) {
  let letters = "";
  for (const byte of deflated(new TextEncoder().encode(JSON.stringify(value)))) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} text */
async function unpacked(text) {
  if (text.length > 2 * MOST_LETTERS) throw new RangeError("they are too long");
  const bytes = await through(fromBase64(text.replaceAll("-", "+").replaceAll("_", "/")), "inflate");
  return JSON.parse(new TextDecoder().decode(bytes));
}

/**
 * Return bytes as a zlib stream of stored blocks (RFC 1950 and 1951): browsers compress only with a promise, and a
 * link is asked for at once.
 *
 * @param {Uint8Array} bytes
 * @returns {number[]}
 */
function deflated(bytes) {
  const found = [0x78, 0x01];
  for (let start = 0; start === 0 || start < bytes.length; start += STORED) {
    const block = bytes.subarray(start, start + STORED);
    const size = block.length;
    found.push(
      start + STORED >= bytes.length ? 1 : 0,
      size & 255,
      size >> 8,
      ~size & 255,
      (~size >> 8) & 255,
      ...block,
    );
  }
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return [...found, b >> 8, b & 255, a >> 8, a & 255];
}
