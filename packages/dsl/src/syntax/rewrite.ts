// Lines of other languages in the words of this one: repairs for PHX111 and PHX113, as far as they are plain.
import type { Span } from "@phxlang/autodiff";

interface Rewritten {
  readonly span: Span;
  readonly replacement: string;
}

/** `c ? a : b` around the `?` at `offset` as `if c then a else b`, or null if it is nested or incomplete. */
export function rewriteChoice(text: string, offset: number): Rewritten | null {
  const start = scan(text, offset - 1, -1, /[=@,:\n\r]/, "([{", ")]}");
  const colon = scan(text, offset + 1, 1, /[:\n\r]/, ")]}", "([{");
  if (text[colon] !== ":") return null;
  const end = scan(text, colon + 1, 1, /[@,:\n\r#]/, ")]}", "([{");
  // A comparison's `==`, `<=` … ends in the sign that stops the scan to the left: the condition holds it.
  let from = start + 1;
  if (text[start] === "=" && /[=<>!]/.test(text[start - 1] ?? "")) {
    from = scan(text, start - 2, -1, /[=@,:\n\r]/, "([{", ")]}") + 1;
  }
  const condition = text.slice(from, offset).trim();
  const yes = text.slice(offset + 1, colon).trim();
  const no = text.slice(colon + 1, end).trim();
  if ([condition, yes, no].some((part) => part === "" || part.includes("?"))) return null;
  const first = text.indexOf(condition, from);
  const last = text.slice(0, end).trimEnd().length;
  return {
    span: { start: first, end: last },
    replacement: `if ${condition} then ${yes} else ${no}`,
  };
}

/** Index of the first character from `at` on that matches `stop` outside brackets, or closes one around it. */
function scan(
  text: string,
  at: number,
  step: 1 | -1,
  stop: RegExp,
  leaving: string,
  entering: string,
): number {
  let depth = 0;
  let i = at;
  for (; i >= 0 && i < text.length; i += step) {
    const character = text[i];
    if (entering.includes(character)) depth++;
    else if (leaving.includes(character)) {
      if (depth === 0) break;
      depth--;
    } else if (depth === 0 && stop.test(character)) break;
  }
  return i;
}

/** The line with the arrow at `offset` as an event, if it is a PRISM command with one update or a reaction. */
export function rewriteArrow(text: string, offset: number): Rewritten | null {
  let start = offset;
  while (start > 0 && text[start - 1] !== "\n" && text[start - 1] !== "\r") start--;
  let end = offset;
  while (end < text.length && text[end] !== "\n" && text[end] !== "\r") end++;
  const line = text.slice(start, end);
  const code = line.replace(/\s*;?\s*(?:#.*|\/\/.*)?$/, "");
  const arrow = offset - start;
  const left = code.slice(0, arrow).trim();
  const right = code.slice(arrow + 2).trim();
  const replacement = prismCommand(left, right) ?? reaction(left, right);
  if (replacement === null) return null;
  const indent = line.length - line.trimStart().length;
  return { span: { start: start + indent, end: start + code.length }, replacement };
}

/** `[label] guard` and `rate : (x'=e) & (y'=f)`. */
function prismCommand(left: string, right: string): string | null {
  const command = /^\[(\w*)\]\s*(.*)$/.exec(left);
  const update = /^(?:([^:]+):)?\s*((?:\(\s*\w+'\s*=[^:']+\)\s*&?\s*)+)$/.exec(right);
  if (command === null || update === null) return null;
  const changes = update[2].split("&").map((part) => {
    const [, cell, value] = /^\s*\(\s*(\w+)'\s*=\s*(.+?)\s*\)\s*$/.exec(part) ?? [];
    const delta = value === undefined ? null : /^(\w+)\s*([+-])\s*(\w+)$/.exec(value);
    if (delta !== null && delta[1] === cell) return `${cell} ${delta[2]}= ${delta[3]}`;
    return cell === undefined ? null : `${cell} = ${value}`;
  });
  if (changes.includes(null)) return null;
  const guard = condition(command[2]);
  const when = guard === "" || guard === "true" ? "" : ` when ${guard}`;
  return `event ${command[1] || "step"}${when}: ${changes.join(", ")} @ ${update[1]?.trim() ?? "1"}`;
}

/** A PRISM condition with our operators. */
function condition(text: string): string {
  return text
    .replaceAll(/\s*&+\s*/g, " and ")
    .replaceAll(/\s*\|+\s*/g, " or ")
    .replaceAll(/!(?!=)\s*/g, "not ")
    .replaceAll(/(?<![<>!=])\s*=\s*(?!=)/g, " == ")
    .trim();
}

/** `S + I` and `2 I beta` as changes at the rate of mass action. */
function reaction(left: string, right: string): string | null {
  const named = /^(?:(\w+)\s*:)?(.*)$/.exec(left);
  const parts = /^(.*?)(?:\s*[@,]\s*|\s+)([A-Za-z_]\w*|\d+(?:\.\d+)?)$/.exec(right);
  if (named === null || parts === null) return null;
  const reactants = species(named[2]);
  const products = species(parts[1]);
  if (reactants === null || products === null) return null;
  const net = new Map<string, number>();
  for (const [name, count] of reactants) net.set(name, (net.get(name) ?? 0) - count);
  for (const [name, count] of products) net.set(name, (net.get(name) ?? 0) + count);
  const changes = [...net]
    .filter(([, change]) => change !== 0)
    .map(([name, change]) => `${name} ${change > 0 ? "+=" : "-="} ${Math.abs(change)}`);
  if (changes.length === 0) return null;
  const factors = reactants.map(([name, count]) => (count === 1 ? name : `choose(${name}, ${count})`));
  return `event ${named[1] ?? "react"}: ${changes.join(", ")} @ ${[parts[2], ...factors].join(" * ")}`;
}

function species(side: string): [string, number][] | null {
  if (side.trim() === "0") return [];
  const counts = new Map<string, number>();
  for (const term of side.split("+")) {
    const [, count, name] = /^\s*(\d*)\s*\*?\s*([A-Za-z_]\w*)(?:\(\))?\s*$/.exec(term) ?? [];
    if (name === undefined) return null;
    counts.set(name, (counts.get(name) ?? 0) + (count === "" ? 1 : Number(count)));
  }
  return [...counts];
}
