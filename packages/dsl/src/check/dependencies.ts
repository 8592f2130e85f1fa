// Order of constants and defs by what they read, and the circles among them.
import type { Expression, ListOrExpression } from "../syntax/index.ts";
import type { Sourced } from "./declare.ts";
import type { Reporter } from "./reporter.ts";
import type { ConstSymbol, DefSymbol, SymbolTable } from "./symbols.ts";

type Named = ConstSymbol | DefSymbol;

export interface Dependencies {
  /** Constants after everything they read. */
  readonly order: readonly ConstSymbol[];
  readonly circular: ReadonlySet<Named>;
}

interface Visit {
  readonly symbol: Named;
  readonly reads: readonly Named[];
  next: number;
}

/** PHX207 for each circle: `f → g → f`. */
export function orderConstants(
  declarations: readonly Sourced[],
  symbols: SymbolTable,
  report: Reporter,
): Dependencies {
  const bodies = bodiesOf(declarations, symbols);
  const order: ConstSymbol[] = [];
  const circular = new Set<Named>();
  const state = new Map<Named, "open" | "done">();
  const visitOf = (symbol: Named): Visit => {
    state.set(symbol, "open");
    return { symbol, reads: readsOf(bodies.get(symbol) ?? [], symbol, symbols), next: 0 };
  };
  for (const root of bodies.keys()) {
    if (state.has(root)) continue;
    const path: Visit[] = [visitOf(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      if (top.next === top.reads.length) {
        state.set(top.symbol, "done");
        if (top.symbol.type === "const") order.push(top.symbol);
        path.pop();
        continue;
      }
      const read = top.reads[top.next++];
      if (state.get(read) === "open") {
        const circle = path
          .slice(path.findIndex((visit) => visit.symbol === read))
          .map((visit) => visit.symbol);
        for (const symbol of circle) circular.add(symbol);
        reportCircle(circle, report);
      } else if (!state.has(read)) {
        path.push(visitOf(read));
      }
    }
  }
  return { order, circular };
}

function reportCircle(circle: readonly Named[], report: Reporter): void {
  const [first] = circle;
  const path = [...circle, first].map((symbol) => symbol.name).join(" → ");
  const nouns = circle.every((symbol) => symbol.type === "const") ? "constants" : "defs";
  report.error(
    "PHX207",
    first.place,
    `${nouns} \`${path}\` ${nouns === "defs" ? "call" : "read"} each other`,
    {
      related: circle.slice(1).map((symbol) => ({ ...symbol.place, label: "and this one" })),
      hint:
        nouns === "defs"
          ? "a def is a shorthand and cannot repeat itself: expand it by hand"
          : "give one of them a number",
    },
  );
}

function bodiesOf(
  declarations: readonly Sourced[],
  symbols: SymbolTable,
): ReadonlyMap<Named, readonly ListOrExpression[]> {
  const bodies = new Map<Named, readonly ListOrExpression[]>();
  for (const { source, declaration } of declarations) {
    if (declaration.kind !== "const" && declaration.kind !== "def") continue;
    const symbol = symbols.find(declaration.name.name);
    // A second declaration of a name is not what the name stands for.
    if (symbol === undefined || symbol.place.source !== source) continue;
    if (symbol.place.span.start !== declaration.name.span.start) continue;
    if (symbol.type === "const" && declaration.kind === "const") bodies.set(symbol, [declaration.value]);
    if (symbol.type === "def" && declaration.kind === "def") bodies.set(symbol, [declaration.body]);
  }
  return bodies;
}

function readsOf(bodies: readonly ListOrExpression[], symbol: Named, symbols: SymbolTable): readonly Named[] {
  const own = symbol.type === "def" ? (symbol.declaration.parameters ?? []).map((name) => name.name) : [];
  const found = new Set<Named>();
  const stack: (ListOrExpression | null)[] = [...bodies];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (item === null) continue;
    const name = nameIn(item);
    const read = name === null || own.includes(name) ? undefined : symbols.find(name);
    if (read !== undefined && (read.type === "const" || read.type === "def")) found.add(read);
    for (const part of partsOf(item)) stack.push(part);
  }
  return [...found];
}

function nameIn(item: ListOrExpression): string | null {
  if (item.kind === "name") return item.name;
  if (item.kind === "index") return item.name.name;
  return item.kind === "call" ? item.callee.name : null;
}

/** Direct parts of an expression, binders included. */
function partsOf(item: ListOrExpression): readonly (ListOrExpression | null)[] {
  switch (item.kind) {
    case "list":
      return item.items;
    case "index":
      return item.indices;
    case "call":
      return item.binder === null
        ? item.args
        : [
            ...item.args,
            item.binder.condition,
            ...item.binder.loops.flatMap((loop): Expression[] => [loop.range.low, loop.range.high]),
          ];
    case "if":
      return [...item.branches.flatMap((branch) => [branch.condition, branch.value]), item.otherwise];
    case "chain":
      return [item.first, ...item.rest.map((link) => link.operand)];
    case "compare":
      return [item.left, item.right];
    case "not":
    case "negate":
      return [item.operand];
    case "power":
      return [item.base, item.exponent];
    default:
      return [];
  }
}
