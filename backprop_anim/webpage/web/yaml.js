/** An experiment as YAML: block mappings of what JSON writes, which is YAML too. */

/**
 * @param {Record<string, any>} mapping
 * @param {string} [indent]
 * @returns {string}
 */
export function toYaml(mapping, indent = "") {
  return Object.entries(mapping)
    .map(([key, value]) => {
      const nested =
        value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length > 0;
      const deep = nested && indent.length < 4;
      return deep ? `${indent}${key}:\n${toYaml(value, `${indent}  `)}` : `${indent}${key}: ${flow(value)}\n`;
    })
    .join("");
}

/**
 * @param {any} value
 * @returns {string} in YAML's flow style
 */
function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value)
      .map(([key, part]) => `${key}: ${flow(part)}`)
      .join(", ")}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
