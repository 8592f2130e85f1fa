// Parameters of a definition: checked, and numbered in θ.
import { malformedDefinition, shown } from "./definition-errors.ts";
import type { ParameterDeclaration } from "./description.ts";
import type { ParameterOptions } from "./model-definition.ts";

const parameterKeys: ReadonlySet<string> = new Set([
  "shape",
  "lower",
  "upper",
  "simplex",
  "default",
  "prior",
]);

export function isName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/** In the order of the object's keys, which is the order they were written in. */
export function declareParameters(
  parameters: Readonly<Record<string, ParameterOptions>>,
): readonly ParameterDeclaration[] {
  if (typeof parameters !== "object" || Array.isArray(parameters)) {
    throw malformedDefinition(`parameters is ${shown(parameters)}`, "give { name: { lower, upper, … }, … }");
  }
  let offset = 0;
  return Object.entries(parameters).map(([name, options]) => {
    if (!isName(name)) {
      throw malformedDefinition(
        `a parameter is called ${shown(name)}`,
        "use letters, digits and _, not a digit first",
      );
    }
    if (typeof options !== "object" || options === null) {
      throw malformedDefinition(
        `parameter ${name} is ${shown(options)}`,
        "give { lower, upper, default, … }, or {}",
      );
    }
    for (const key of Object.keys(options)) {
      if (parameterKeys.has(key)) continue;
      throw malformedDefinition(
        `parameter ${name} has \`${key}\``,
        `known are ${[...parameterKeys].join(", ")}`,
      );
    }
    const declaration = declare(name, options, offset);
    offset += declaration.size;
    return declaration;
  });
}

function declare(name: string, options: ParameterOptions, offset: number): ParameterDeclaration {
  const { shape: given = [], lower = -Infinity, upper = Infinity, simplex = false, prior = null } = options;
  const shape = typeof given === "number" ? [given] : given;
  if (!shape.every((length) => Number.isInteger(length) && length > 0)) {
    throw malformedDefinition(`parameter ${name} has shape ${shown(given)}`, "give whole numbers from 1 on");
  }
  if (Number.isNaN(lower) || Number.isNaN(upper) || !(lower < upper)) {
    throw malformedDefinition(
      `parameter ${name} lies in ${shown(lower)}..${shown(upper)}`,
      "give lower < upper",
    );
  }
  if (simplex && shape.length !== 1) {
    throw malformedDefinition(
      `simplex ${name} has shape [${shape.join(", ")}]`,
      "give it one length: shape: 3",
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  return {
    name,
    shape,
    indexFrom: shape.map(() => 0),
    offset,
    size,
    lower: lower === -Infinity ? null : lower,
    upper: upper === Infinity ? null : upper,
    lowerClosed: lower !== -Infinity,
    upperClosed: upper !== Infinity,
    simplex,
    defaults: defaultsOf(name, options, size, lower, upper),
    prior,
  };
}

function defaultsOf(
  name: string,
  options: ParameterOptions,
  size: number,
  lower: number,
  upper: number,
): Float64Array | null {
  const { default: given, simplex = false } = options;
  if (given === undefined) return null;
  const values = typeof given === "number" ? Array.from({ length: size }, () => given) : given;
  if (!Array.isArray(values) || values.length !== size) {
    throw malformedDefinition(
      `parameter ${name} has ${size} entries and the default ${shown(given)}`,
      "give one number for each",
    );
  }
  const outside = values.find(
    (value: unknown) => !(typeof value === "number" && value >= lower && value <= upper),
  );
  if (outside !== undefined) {
    throw malformedDefinition(
      `default ${shown(outside)} of ${name} is outside ${lower}..${upper}`,
      "give a default within the bounds",
    );
  }
  const total = values.reduce((sum: number, value: number) => sum + value, 0);
  if (simplex && !(Math.abs(total - 1) <= 1e-9 && values.every((value: number) => value >= 0))) {
    throw malformedDefinition(
      `default of simplex ${name} sums to ${total}`,
      "give nonnegative numbers that sum to 1",
    );
  }
  return Float64Array.from(values as number[]);
}
