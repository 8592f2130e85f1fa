// Changes: `b[i] -= 1, b[j] -= 1 each i in 1..n`, in starts, events, enters and observed paths.
import type { Change, Changes } from "../syntax/index.ts";
import { isEnum, kindInWords } from "../terms/kinds.ts";
import type { Level } from "../terms/kinds.ts";
import { checkBinder } from "./binders.ts";
import { placeIn } from "./context.ts";
import type { ExpressionContext } from "./context.ts";
import { expectInteger, expectKind } from "./expectations.ts";
import { requireLevel } from "./level-rules.ts";
import type { ChangeList, ChangeRule, CheckedState } from "./model.ts";
import { checkIndexCount } from "./references.ts";
import { suggestion } from "./unknown-names.ts";
import { nounOf } from "./symbols.ts";

/** Where changes stand, for messages, and what they may read. */
export interface ChangePosition {
  /** "an event", "a start", … */
  readonly what: string;
  readonly maximum: Level;
}

export function checkChanges(
  changes: Changes,
  states: ReadonlyMap<string, CheckedState>,
  context: ExpressionContext,
  position: ChangePosition,
): ChangeList {
  const { binding, scope } = checkBinder(changes.each, context, "the range of `each`", position.maximum);
  const inner = { ...context, scope, maximum: position.maximum };
  const items = changes.items.flatMap((change) => checkChange(change, states, inner, position) ?? []);
  reportRepeated(changes.items, inner);
  return { items, each: binding };
}

function checkChange(
  change: Change,
  states: ReadonlyMap<string, CheckedState>,
  context: ExpressionContext,
  position: ChangePosition,
): ChangeRule | null {
  const { model } = context;
  const { report } = model;
  const read = (expression: Change["value"]): ReturnType<typeof model.check> => {
    const term = model.check(expression, context);
    const fits = requireLevel(model, term, position.maximum, `a change of ${position.what}`);
    return fits ? term : model.terms.wrong(term.place);
  };
  const indices = change.indices.map((index) => expectInteger(model, read(index)));
  const value = read(change.value);
  const state = findState(change, states, context, position);
  if (state === null) return null;
  const place = placeIn(context, { span: change.cellSpan });
  if (!checkIndexCount(state.array, state.name, indices.length, place, context)) return null;
  if (change.operator !== "=" && state.kind !== "int") {
    const kind = isEnum(state.kind) ? `one of ${state.kind.values.join(", ")}` : kindInWords(state.kind);
    report.error(
      "PHX303",
      placeIn(context, { span: change.operatorSpan }),
      `\`${state.name}\` is ${kind}; only whole numbers can be added to`,
      {
        related: [{ ...state.place, label: "it is declared here" }],
        hint: `set it: \`${report.text(place)} = …\``,
      },
    );
    return null;
  }
  const target = model.terms.element(state.array, indices, state.kind, place);
  return { place, state, target, operator: change.operator, value: expectKind(model, value, state.kind) };
}

function findState(
  change: Change,
  states: ReadonlyMap<string, CheckedState>,
  context: ExpressionContext,
  position: ChangePosition,
): CheckedState | null {
  const { symbols, report } = context.model;
  const name = change.cell.name;
  const place = placeIn(context, change.cell);
  const symbol = symbols.find(name);
  if (symbol === undefined) {
    const details = suggestion(name, states.keys(), place);
    report.error("PHX201", place, `\`${name}\` is not defined`, {
      label: "no state has this name",
      ...details,
      hint: details.hint ?? `declare it: \`state ${name} in 0..n\``,
    });
    return null;
  }
  symbol.uses++;
  if (symbol.type !== "state") {
    report.error("PHX306", place, `${position.what} cannot change the ${nounOf(symbol)} \`${name}\``, {
      related: [{ ...symbol.place, label: "it is declared here" }],
      hint: "only states change",
    });
    return null;
  }
  return states.get(name) ?? null;
}

/** PHX403 for single cells that are set twice, or set and changed; array cells are compared when indices are known. */
function reportRepeated(changes: readonly Change[], context: ExpressionContext): void {
  const first = new Map<string, Change>();
  for (const change of changes) {
    if (change.indices.length > 0) continue;
    const name = change.cell.name;
    const other = first.get(name);
    if (other === undefined) first.set(name, change);
    else if (other.operator === "=" || change.operator === "=") {
      const twice = other.operator === change.operator ? "set twice" : "both set and changed";
      context.model.report.error("PHX403", placeIn(context, change), `\`${name}\` is ${twice} in one event`, {
        related: [{ ...placeIn(context, other), label: "the other change is here" }],
        hint: "changes happen at once: keep one of the two",
      });
    }
  }
}
