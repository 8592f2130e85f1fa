// phx.toml: defaults for options, checked against a schema before anything reads them.
import { PhxError } from "@phxlang/autodiff";
import { parse, TomlError } from "smol-toml";
import * as v from "valibot";
import { closest } from "@phxlang/dsl";

const numberOrText = v.union([v.number(), v.string()]);
const arrayOrNumber: v.GenericSchema<Nested> = v.union([v.number(), v.array(v.lazy(() => arrayOrNumber))]);
const assignments = v.record(v.string(), arrayOrNumber);

/** A number or nested lists of numbers. */
export type Nested = number | Nested[];

const schema = v.strictObject({
  set: v.optional(assignments),
  theta: v.optional(v.union([assignments, v.array(v.number())])),
  with: v.optional(assignments),
  data: v.optional(v.record(v.string(), v.string())),
  times: v.optional(v.union([v.string(), v.number(), v.array(numberOrText)])),
  seed: v.optional(v.number()),
  order: v.optional(v.number()),
  count: v.optional(v.number()),
  reward: v.optional(v.string()),
  "max-states": v.optional(v.number()),
  "allow-defective": v.optional(v.boolean()),
  json: v.optional(v.boolean()),
  quiet: v.optional(v.boolean()),
  color: v.optional(v.boolean()),
});

/** Keys that phx.toml may have. */
export const configurationKeys: readonly string[] = Object.keys(schema.entries);

/** Texts by key, as if each had been written after its flag. Throws PHX997. */
export function readConfiguration(text: string, path: string): ReadonlyMap<string, readonly string[]> {
  const result = v.safeParse(schema, parseToml(text, path));
  if (!result.success) throw explain(result.issues[0], path);
  const texts = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(result.output)) {
    if (value !== undefined) texts.set(key, writeOut(value));
  }
  return texts;
}

function parseToml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new PhxError({
      code: "PHX997",
      what: `${path}:${error.line}:${error.column} is not TOML`,
      why: error.message.split("\n")[0],
      fix: "a line reads: key = value; text stands in quotes",
    });
  }
}

function explain(issue: v.BaseIssue<unknown>, path: string): PhxError {
  const key = (issue.path ?? []).map((item) => String(item.key)).join(".");
  const isUnknown = issue.type === "strict_object" && issue.expected === "never";
  if (!isUnknown) {
    return new PhxError({
      code: "PHX997",
      what: `${path}: the value of \`${key}\` is ${issue.received}, which does not fit`,
      why: `expected ${issue.expected ?? "another type"}`,
      fix: `docs/cli.md shows what \`${key}\` takes`,
    });
  }
  const match = closest(key, configurationKeys);
  return new PhxError({
    code: "PHX997",
    what: `${path}: no option is called \`${key}\``,
    why: `the keys are ${configurationKeys.join(", ")}`,
    fix: match === null ? "remove the line" : `did you mean \`${match}\`?`,
  });
}

type Configured =
  | string
  | number
  | boolean
  | readonly (number | string)[]
  | Readonly<Record<string, Nested | string>>;

/** As it would stand after the flag. */
function writeOut(value: Configured): readonly string[] {
  if (Array.isArray(value)) return [value.join(",")];
  if (typeof value !== "object") return [String(value)];
  return Object.entries(value).map(
    ([name, entry]) => `${name}=${typeof entry === "string" ? entry : JSON.stringify(entry)}`,
  );
}
