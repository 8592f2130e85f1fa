// Kinds of value and levels of expression: the two lattices that decide where an expression may stand.

/** The values of one state declared with `in {…}`; compared by identity. */
export interface EnumKind {
  /** The state that declares them. */
  readonly enumOf: string;
  readonly values: readonly string[];
}

/**
 * `int` widens to `real`; nothing else converts. "text" is a string. "any" is what is not known before data are
 * read (a column) or because an error has been reported already; it fits everywhere.
 */
export type Kind = "int" | "real" | "bool" | "text" | "any" | EnumKind;

/** What an expression depends on, at most. A covariate is of the parameter level. */
export const levels = { constant: 0, state: 1, parameter: 2, column: 3 } as const;
export type Level = (typeof levels)[keyof typeof levels];

export function isNumber(kind: Kind): boolean {
  return kind === "int" || kind === "real" || kind === "any";
}

export function isEnum(kind: Kind): kind is EnumKind {
  return typeof kind === "object";
}

/** As messages say it: "a whole number", "yes/no", "a value of `cav`". */
export function kindInWords(kind: Kind): string {
  if (isEnum(kind)) return `a value of \`${kind.enumOf}\``;
  const words = { int: "a whole number", real: "a real", bool: "yes/no", text: "a text", any: "anything" };
  return words[kind];
}

/** The kind that both fit in, or null: `if` branches, `min`, `max`. */
export function commonKind(left: Kind, right: Kind): Kind | null {
  if (left === right) return left;
  if (left === "any") return right;
  if (right === "any") return left;
  if (isNumber(left) && isNumber(right)) return "real";
  return null;
}

export function maximumLevel(left: Level, right: Level): Level {
  return left > right ? left : right;
}
