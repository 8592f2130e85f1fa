// θ for a model: the file's defaults, replaced by the list of --theta, replaced by its named values.
import { PhxError } from "@phxlang/autodiff";
import type { Model } from "@phxlang/runtime";
import type { Value } from "./options/assignments.ts";
import type { ThetaTexts } from "./options/theta.ts";
import { unknownName } from "./unknown-name.ts";

/** [P]. Throws PHX900 for a wrong length, PHX994 for an unknown name, PHX511 where a value is missing. */
export function thetaFor(model: Model, { list, named }: ThetaTexts): Float64Array {
  const values = list === undefined ? defaultsOf(model) : checkLength(list, model);
  for (const [name, value] of named) assign(values, model, name, value);
  const missing = model.parameterNames.filter((_, entry) => Number.isNaN(values[entry]));
  if (missing.length > 0) throw missingValues(missing);
  return values;
}

/** NaN where the file gives no default. */
function defaultsOf(model: Model): Float64Array {
  const values = new Float64Array(model.parameterCount).fill(Number.NaN);
  for (const parameter of model.parameters) {
    if (parameter.defaults !== null) values.set(parameter.defaults, parameter.offset);
  }
  return values;
}

function checkLength(list: readonly number[], model: Model): Float64Array {
  if (list.length === model.parameterCount) return Float64Array.from(list);
  const names = model.parameterNames;
  throw new PhxError({
    code: "PHX900",
    what: `--theta lists ${counted(list.length, "value")}, ${model.name} has ${counted(names.length, "parameter")}`,
    why: names.length === 0 ? "there is nothing to give a value to" : `in order: ${names.join(", ")}`,
    fix:
      names.length === 0
        ? "leave --theta out"
        : `give ${names.length === 1 ? "one" : `all ${names.length}`}, or some by name: --theta ${names[0]}=…`,
  });
}

/** A whole parameter, or one entry of an array parameter. */
function assign(values: Float64Array, model: Model, name: string, value: Value): void {
  const parameter = model.parameters.find((candidate) => candidate.name === name);
  if (parameter !== undefined) {
    values.set(entriesOf(value, parameter.size, name), parameter.offset);
    return;
  }
  const spaced = name.replaceAll(",", ", ");
  const entry = model.parameterNames.indexOf(spaced);
  if (entry >= 0) {
    values.set(entriesOf(value, 1, spaced), entry);
    return;
  }
  const known = model.parameters.map((candidate) => candidate.name);
  throw unknownName(
    "parameter",
    name,
    name.includes("[") ? [...known, ...model.parameterNames] : known,
    "--theta",
  );
}

/** Nested lists in row-major order. */
function entriesOf(value: Value, size: number, name: string): readonly number[] {
  const numbers: number[] = [];
  for (const open: Value[] = [value]; open.length > 0;) {
    const item = open.pop();
    if (typeof item === "number") numbers.push(item);
    else if (typeof item === "object") open.push(...item.toReversed());
    else throw notANumber(name);
  }
  if (numbers.length === size) return numbers;
  throw new PhxError({
    code: "PHX900",
    what: `--theta gives ${counted(numbers.length, "value")} to \`${name}\`, which has ${size}`,
    fix: size === 1 ? `--theta ${name}=${numbers[0] ?? 1}` : `give all ${size} entries: --theta ${name}=[…]`,
  });
}

function notANumber(name: string): PhxError {
  return new PhxError({
    code: "PHX993",
    what: `--theta gives \`${name}\` a value that is not a number`,
    fix: "parameters are numbers",
  });
}

function missingValues(names: readonly string[]): PhxError {
  const [first] = names;
  const shown = names.map((name) => `\`${name}\``).join(", ");
  return new PhxError({
    code: "PHX511",
    what: `${names.length === 1 ? "parameter" : "parameters"} ${shown} ${names.length === 1 ? "has" : "have"} neither a default nor a value`,
    fix: `--theta ${first}=…, or a default in the file: param ${first} = …`,
  });
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
