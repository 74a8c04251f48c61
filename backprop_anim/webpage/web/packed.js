/** Arrays as the page's data hold them: little-endian bytes, deflated, in base64. */

/** @typedef {{type: "f8" | "f4" | "i4", bytes: string}} Packed */

/**
 * @param {string} text base64
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromBase64(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let k = 0; k < letters.length; k++) bytes[k] = letters.charCodeAt(k);
  return bytes;
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {"inflate" | "deflate"} way
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function through(bytes, way) {
  const stream = way === "inflate" ? new DecompressionStream("deflate") : new CompressionStream("deflate");
  const piped = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

/**
 * @param {Packed | null} packed
 * @returns {Promise<Float64Array>} the numbers in double precision; none for null
 */
export async function unpack(packed) {
  if (!packed) return new Float64Array(0);
  const { buffer } = await through(fromBase64(packed.bytes), "inflate");
  if (packed.type === "f8") return new Float64Array(buffer);
  return Float64Array.from(packed.type === "f4" ? new Float32Array(buffer) : new Int32Array(buffer));
}
