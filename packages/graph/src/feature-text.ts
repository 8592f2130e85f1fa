// Feature expressions as people read them.
import type { ExpressionStore } from "./expression-store.ts";
import { constantCode, inputCode, operationName } from "./feature-operations.ts";

/** How tightly an operation binds; calls and atoms bind tightest. */
const precedences: Readonly<Record<string, number>> = {
  less: 1,
  lessEqual: 1,
  equal: 1,
  add: 2,
  sub: 2,
  mul: 3,
  div: 3,
  neg: 4,
  pow: 5,
};
const signs: Readonly<Record<string, string>> = {
  less: " < ",
  lessEqual: " <= ",
  equal: " == ",
  add: " + ",
  sub: " - ",
  mul: " * ",
  div: " / ",
  pow: "^",
};

interface Text {
  readonly text: string;
  readonly precedence: number;
}

const longest = 400;

/** `rate * exp(-effect * treated)`; very long formulas are cut to … inside. */
export function expressionText(
  store: ExpressionStore,
  expression: number,
  inputNames: readonly string[],
): string {
  const texts = new Map<number, Text>();
  const stack = [expression];
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    const operands = operandsOf(store, node);
    const missing = operands.filter((operand) => !texts.has(operand));
    if (missing.length > 0) {
      stack.push(...missing);
      continue;
    }
    stack.pop();
    const made = textOf(
      store,
      node,
      operands.map((operand) => texts.get(operand) ?? { text: "…", precedence: 9 }),
      inputNames,
    );
    texts.set(node, made.text.length > longest ? { text: "…", precedence: 9 } : made);
  }
  return texts.get(expression)?.text ?? "…";
}

function operandsOf(store: ExpressionStore, node: number): number[] {
  if (store.operations.items[node] <= inputCode) return [];
  return [store.first.items[node], store.second.items[node], store.third.items[node]].filter((n) => n >= 0);
}

function textOf(
  store: ExpressionStore,
  node: number,
  operands: readonly Text[],
  inputNames: readonly string[],
): Text {
  const code = store.operations.items[node];
  if (code === constantCode) {
    const value = store.values.items[node];
    return { text: String(value), precedence: value < 0 ? precedences["neg"] : 9 };
  }
  if (code === inputCode) {
    const index = store.first.items[node];
    return { text: inputNames[index] ?? `z[${index}]`, precedence: 9 };
  }
  const name = operationName(code);
  const [a, b, c] = operands;
  if (name === "mul" && a.text === "-1") {
    // The sign goes to the first factor: -a * b.
    return {
      text: `-${atLeast(b, precedences["mul"])}`,
      precedence: Math.min(Math.max(b.precedence, precedences["mul"]), precedences["neg"]),
    };
  }
  if (name === "add" && b.text.startsWith("-")) return joined("sub", a, { ...b, text: b.text.slice(1) });
  if (name === "add" && a.text.startsWith("-")) return joined("sub", b, { ...a, text: a.text.slice(1) });
  if (name === "where") return { text: `if ${a.text} then ${b.text} else ${c.text}`, precedence: 0 };
  if (Object.hasOwn(signs, name)) return joined(name, a, b);
  return { text: `${name}(${operands.map(({ text }) => text).join(", ")})`, precedence: 9 };
}

/** Left-associative: the right operand of a difference or quotient binds tighter than it. */
function joined(name: string, a: Text, b: Text): Text {
  const precedence = precedences[name];
  const right = name === "sub" || name === "div" ? precedence + 1 : precedence;
  const left = name === "pow" ? precedence + 1 : precedence;
  return { text: `${atLeast(a, left)}${signs[name]}${atLeast(b, right)}`, precedence };
}

function atLeast({ text, precedence }: Text, wanted: number): string {
  return precedence < wanted ? `(${text})` : text;
}
