/** The keys of a page: what each does where no part of the page takes it for itself. */

import { PHASES } from "./shown.js";

/**
 * @param {KeyboardEvent} event
 * @param {import("./layout.js").PageLayout} page
 */
export function pressKey(event, page) {
  const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
  const { session } = page;
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("dialog")) return;
  if (["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName)) return;
  if (event.key === " " && (["BUTTON", "SUMMARY"].includes(target.tagName) || target.getAttribute("role") === "button"))
    return;
  /** @type {Record<string, () => void>} */
  const keys = {
    " ": () => page.player.toggle(),
    ArrowRight: () => session.next(),
    ArrowLeft: () => session.previous(),
    ".": () => session.tellNext(),
    ",": () => session.tell(PHASES[PHASES.indexOf(session.phase) - 1] ?? "none"),
    Home: () => session.show(0),
    End: () => session.show(session.recorded.steps.length - 1),
    "?": () => page.dialogs.keys(),
  };
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
