// InferenceData as the JSON that `arviz.from_json` reads, and back.
import type { Fit } from "../fit/fit.ts";
import { groupNames, inferenceData } from "./inference-data.ts";
import type {
  GroupName,
  InferenceData,
  InferenceGroup,
  InferenceParts,
  NamedArray,
} from "./inference-data.ts";
import { unusable } from "./saved-draws.ts";

/** Numbers or flags, nested by dimension. */
type Nested = number | boolean | readonly Nested[];

/** values[chain][draw], warm-up left out. */
type ChainValues<T> = readonly (readonly T[])[];

type Variables = Readonly<Record<string, Nested>>;

export interface ArvizGroups {
  readonly posterior: Readonly<Record<string, ChainValues<number>>>;
  readonly sample_stats: Readonly<Record<string, ChainValues<number> | ChainValues<boolean>>>;
  readonly log_likelihood?: Variables;
  readonly posterior_predictive?: Variables;
  readonly observed_data?: Variables;
  readonly coords?: Readonly<Record<string, readonly number[]>>;
  readonly dims?: Readonly<Record<string, readonly string[]>>;
  readonly attrs: Readonly<Record<string, string>>;
}

/**
 * The arguments of `arviz.from_dict` as plain arrays, so that JSON carries them. Variables have the shape [chain, draw],
 * or [chain, draw, row]; `diverging` is boolean, because ArviZ selects draws by it.
 */
export function toArviz(fit: Fit, parts: InferenceParts = {}): ArvizGroups {
  // A fit always has its posterior and statistics, chain by chain.
  return arvizGroups(inferenceData(fit, parts)) as ArvizGroups;
}

function arvizGroups({ attributes, groups, rows }: InferenceData): Partial<ArvizGroups> {
  const names = groupNames.filter((name) => groups[name] !== undefined);
  const perRow = names.flatMap((name) =>
    Object.entries(groups[name] ?? {}).filter(([, variable]) => variable.dimensions.includes("row")),
  );
  return {
    ...Object.fromEntries(names.map((name) => [name, nestedGroup(groups[name] ?? {})])),
    ...(rows === null || perRow.length === 0
      ? {}
      : {
          coords: { row: Array.from(rows) },
          dims: Object.fromEntries(perRow.map(([name]) => [name, ["row"]])),
        }),
    attrs: attributes,
  };
}

function nestedGroup(group: InferenceGroup): Variables {
  return Object.fromEntries(Object.entries(group).map(([name, variable]) => [name, nested(variable)]));
}

function nested({ shape, values, isFlag }: NamedArray): Nested {
  let level: Nested[] = isFlag === true ? Array.from(values, (x) => x !== 0) : Array.from(values);
  for (const length of shape.slice(1).reverse()) {
    const outer = level;
    level = Array.from({ length: outer.length / length }, (_, i) =>
      outer.slice(i * length, (i + 1) * length),
    );
  }
  return level;
}

/** JSON has no infinities or NaN; Python's reader takes these words, as its writer does. */
export function arvizJson(data: InferenceData): string {
  const marked = JSON.stringify(arvizGroups(data), (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? `\u0000${value}` : value,
  );
  return `${marked.replaceAll(/"\\u0000(-?Infinity|NaN)"/g, "$1")}\n`;
}

/** Reads what `arvizJson`, or ArviZ itself, wrote. PHX847 for anything else. */
export function fromArvizJson(text: string): InferenceData {
  const groups: Partial<Record<GroupName, InferenceGroup>> = {};
  const document = parse(text);
  for (const name of groupNames) {
    if (document[name] === undefined) continue;
    const group = document[name];
    if (typeof group !== "object" || group === null) throw unusable(`the group ${name} holds no variables`);
    const isByChain = name !== "observed_data";
    groups[name] = Object.fromEntries(
      Object.entries(group).map(([variable, value]) => [
        variable,
        flattened(`${name}/${variable}`, value, isByChain),
      ]),
    );
  }
  const coords = document["coords"] as { readonly row?: readonly number[] } | undefined;
  const attrs = Object.entries(document["attrs"] ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return {
    attributes: Object.fromEntries(attrs),
    groups,
    rows: Array.isArray(coords?.row) ? Int32Array.from(coords.row) : null,
  };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    const strict = text.replaceAll(/(?<=[[,:]\s*)(-?Infinity|NaN)(?=\s*[\],}])/g, '"$1"');
    value = JSON.parse(strict);
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : String(error));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unusable("it is not an object of groups");
  }
  return value as Readonly<Record<string, unknown>>;
}

function flattened(name: string, value: unknown, isByChain: boolean): NamedArray {
  const shape: number[] = [];
  let level: readonly unknown[] = [value];
  while (level.length > 0 && Array.isArray(level[0])) {
    const { length } = level[0];
    if (!level.every((entry) => Array.isArray(entry) && entry.length === length)) {
      throw unusable(`${name} has rows of different lengths`);
    }
    shape.push(length);
    level = level.flat();
  }
  const values = Float64Array.from(level, (entry) => {
    if (typeof entry === "boolean" || typeof entry === "number") return Number(entry);
    if (typeof entry === "string" && /^(-?Infinity|NaN)$/.test(entry)) return Number(entry);
    throw unusable(`${name} holds ${JSON.stringify(entry)}, which is not a number`);
  });
  const isFlag = level.length > 0 && typeof level[0] === "boolean";
  const names = isByChain ? ["chain", "draw"] : [];
  const dimensions = shape.map((_, k) => names[k] ?? (k === names.length ? "row" : `${name}_${k}`));
  return { dimensions, shape, values, ...(isFlag ? { isFlag } : {}) };
}
