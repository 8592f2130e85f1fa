// The numbers and words of a JSON document as columns of a table.
import type { Json } from "../output/json.ts";

/** Lists up to this length become columns; longer ones (draws, curves) stay in the documents. */
const longestList = 32;

/** `theta.rate`, `variables.time.mean`, `covariance[0][1]` …, in the order of the document. */
export function leavesOf(document: Json): Map<string, string | number> {
  const leaves = new Map<string, string | number>();
  const visit = (value: Json, path: string): void => {
    if (typeof value === "number" || typeof value === "string") leaves.set(path, value);
    else if (Array.isArray(value)) {
      if (value.length > longestList) return;
      value.forEach((item: Json, i) => {
        const name = nameOf(item);
        visit(item, name === undefined ? `${path}[${i}]` : `${path}.${name}`);
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        if (key !== "name") visit(item, path === "" ? key : `${path}.${key}`);
      }
    }
  };
  visit(document, "");
  return leaves;
}

/** What an entry of a list is called, where its document says so. */
function nameOf(item: Json): string | undefined {
  if (typeof item !== "object" || item === null || !("name" in item)) return undefined;
  return typeof item.name === "string" ? item.name : undefined;
}
