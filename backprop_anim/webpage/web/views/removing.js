/** A key removes the sample that all views show. */

/** @typedef {import("../session.js").Session} Session */

/**
 * @param {HTMLElement} canvas that has the focus then
 * @param {Session} session
 */
export function removeByKey(canvas, session) {
  canvas.addEventListener("keydown", (event) => {
    if ((event.key !== "Delete" && event.key !== "Backspace") || session.samples.count < 2) return;
    event.preventDefault();
    const gone = session.sample;
    session.sampleChosen = -1;
    session.edit((samples) => samples.remove(gone));
  });
}
