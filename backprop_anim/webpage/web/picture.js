/** The shown state as a PNG: header, views and time line as they stand on the page, without its controls. */

import { drawn, element } from "./dom.js";
import { STYLE } from "./style.js";

const PIXELS_A_POINT = 2;
const LEFT_OUT = "footer, .foot, .more, dialog, .transport, .phases, .hint, .line input, .grip";
const PRINTED = ".time { padding-left: 88px; display: block; } .story, .formulas, .rows { overflow: hidden; }";
const FONT_FACE = /@font-face\s*\{[^}]*\}/g;

/**
 * @param {HTMLElement} frame the page's root element, drawn
 * @param {string} name of the file, without its ending
 */
export async function savePicture(frame, name) {
  const blob = await pictureOf(frame);
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: `${name}.png` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * @param {HTMLElement} frame
 * @returns {Promise<Blob>}
 */
async function pictureOf(frame) {
  const { width, height, copy } = copied(frame);
  const holder = drawn("svg", "foreignObject", { width, height }, copy);
  const svg = drawn("svg", "svg", { width, height, viewBox: `0 0 ${width} ${height}` }, holder);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const canvas = element("canvas", { width: PIXELS_A_POINT * width, height: PIXELS_A_POINT * height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("this browser makes no picture of a page; print it instead");
  return blob;
}

/**
 * Copy what the picture holds: a canvas as an image, everything that is measured at its present size.
 *
 * @param {HTMLElement} frame
 */
function copied(frame) {
  const copy = /** @type {HTMLElement} */ (frame.cloneNode(true));
  const [shown, placed] = [frame, copy].map((root) => [...root.querySelectorAll("canvas, main, .stack, .line")]);
  placed.forEach((place, k) => {
    const { offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (shown[k]);
    const holds = place.tagName === "CANVAS" ? imageOf(/** @type {HTMLCanvasElement} */ (shown[k])) : place;
    const { style } = /** @type {HTMLElement} */ (holds);
    style.width = `${offsetWidth}px`;
    style.height = `${offsetHeight}px`;
    style.flex = "none";
    if (holds !== place) place.replaceWith(holds);
  });
  for (const child of copy.querySelectorAll(LEFT_OUT)) child.remove();
  const width = frame.offsetWidth;
  const feet = [...frame.querySelectorAll(".time, main > section")].map((part) => part.getBoundingClientRect().bottom);
  const height = Math.ceil(Math.max(...feet) - frame.getBoundingClientRect().top) + 20;
  const faces = [...document.querySelectorAll("style")].flatMap((sheet) => sheet.textContent?.match(FONT_FACE) ?? []);
  copy.prepend(element("style", {}, `${faces.join("\n")}\n${STYLE}\n${PRINTED}`));
  copy.style.width = `${width}px`;
  copy.style.height = `${height}px`;
  copy.style.overflow = "hidden";
  return { width, height, copy };
}

/** @param {HTMLCanvasElement} canvas */
function imageOf(canvas) {
  const image = element("img", { src: canvas.width && canvas.height ? canvas.toDataURL() : "data:," });
  image.style.display = "block";
  return image;
}
