/** Elements made in one call; whatever is text stays text. */

/**
 * @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Attribute
 */

/**
 * Make an element of HTML.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, Attribute>} [attributes] `on…` are listeners; true is an attribute without a value
 * @param {...(Node | string | null)} content
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  fill(made, attributes, content);
  return made;
}

/**
 * Make an element of SVG or MathML.
 *
 * @param {"svg" | "math"} language
 * @param {string} name
 * @param {Record<string, Attribute>} [attributes]
 * @param {...(Node | string | null)} content
 * @returns {any}
 */
export function drawn(language, name, attributes = {}, ...content) {
  const spaces = { svg: "http://www.w3.org/2000/svg", math: "http://www.w3.org/1998/Math/MathML" };
  const made = document.createElementNS(spaces[language], name);
  fill(made, attributes, content);
  return made;
}

/**
 * @param {Element} made
 * @param {Record<string, Attribute>} attributes
 * @param {(Node | string | null)[]} content
 */
function fill(made, attributes, content) {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, String(value));
  }
  made.append(...content.filter((part) => part !== null));
}

/**
 * Bring a canvas to the size of its place, in the screen's own pixels.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width in CSS pixels
 * @param {number} height
 * @returns {CanvasRenderingContext2D} scaled to CSS pixels, and empty
 */
export function fitted(canvas, width, height) {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  const [across, down] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** @returns {boolean} whether the reader wants nothing to move by itself */
export function wantsStillness() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
