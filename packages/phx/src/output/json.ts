// One JSON document for machines: exact numbers, infinities as words, leaves on one line.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * The document as text ending in a newline. JSON has no infinities: they are the strings "Infinity", "-Infinity"
 * and "NaN". Arrays and objects that hold only numbers, words and short texts stand on one line.
 */
export function renderJson(document: Json): string {
  return `${render(document, "")}\n`;
}

function render(value: Json, indent: string): string {
  if (typeof value === "number") return Number.isFinite(value) ? number(value) : `"${value}"`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const flat = renderFlat(value);
  if (flat !== undefined && flat.length <= 100) return flat;
  const deeper = `${indent}  `;
  if (isArray(value)) {
    if (value.every((item) => typeof item === "number")) return fill(value, indent);
    return `[\n${value.map((item) => deeper + render(item, deeper)).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).map(
    ([key, member]) => `${deeper}${JSON.stringify(key)}: ${render(member, deeper)}`,
  );
  return `{\n${members.join(",\n")}\n${indent}}`;
}

/** On one line, or undefined where the value holds something long or deep. */
function renderFlat(value: Json & object): string | undefined {
  const items = isArray(value) ? value : Object.values(value);
  if (items.length > 24 || items.some((item) => item !== null && typeof item === "object")) return undefined;
  if (isArray(value)) return `[${value.map((item) => render(item, "")).join(", ")}]`;
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${render(item, "")}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** Long lists of numbers: as many on a line as fit. */
function fill(values: readonly Json[], indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const [index, value] of values.entries()) {
    const text = render(value, "") + (index + 1 < values.length ? "," : "");
    if (line !== "" && line.length + text.length > 96) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? text : ` ${text}`;
  }
  lines.push(line);
  return `[\n${lines.map((text) => `${indent}  ${text}`).join("\n")}\n${indent}]`;
}

function number(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
