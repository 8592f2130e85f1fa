// tokensOf: the tokens of a tree, with only those parentheses that its structure needs; written apart from the
// formatter, so that the two check each other.
import type { ast } from "@phxlang/dsl";

/** Precedences, loosest first; an operand in a place of level p needs parentheses if its own level is below p. */
const levels = { if: 0, or: 1, and: 2, not: 3, compare: 4, sum: 5, product: 6, negate: 7, power: 8, atom: 9 };

function levelOf(expression: ast.Expression): number {
  switch (expression.kind) {
    case "if":
      return levels.if;
    case "chain":
      return chainLevel(expression);
    case "compare":
      return levels.compare;
    case "not":
      return levels.not;
    case "negate":
      return levels.negate;
    case "power":
      return levels.power;
    default:
      return levels.atom;
  }
}

function chainLevel(chain: ast.Chain): number {
  const { operator } = chain.rest[0];
  if (operator === "or") return levels.or;
  if (operator === "and") return levels.and;
  return operator === "+" || operator === "-" ? levels.sum : levels.product;
}

function at(level: number, expression: ast.Expression): string[] {
  const inner = expressionTokens(expression);
  return levelOf(expression) < level ? ["(", ...inner, ")"] : inner;
}

function separated<T>(items: readonly T[], of: (item: T) => string[]): string[] {
  return items.flatMap((item, index) => (index === 0 ? of(item) : [",", ...of(item)]));
}

export function expressionTokens(expression: ast.Expression): string[] {
  switch (expression.kind) {
    case "number":
      return [expression.text];
    case "string":
      return [`"${expression.value}"`];
    case "column":
      return [`\`${expression.name}\``];
    case "boolean":
      return [String(expression.value)];
    case "name":
      return [expression.name];
    case "index":
      return [expression.name.name, "[", ...separated(expression.indices, expressionTokens), "]"];
    case "member":
      return [expression.owner.name, ".", expression.member.name];
    case "call": {
      const binder = expression.binder === null ? [] : binderTokens(expression.binder);
      return [expression.callee.name, "(", ...separated(expression.args, expressionTokens), ...binder, ")"];
    }
    case "if": {
      const branches = expression.branches.flatMap(({ condition, value }) => [
        "if",
        ...expressionTokens(condition),
        "then",
        ...expressionTokens(value),
        "else",
      ]);
      return [...branches, ...at(levels.or, expression.otherwise)];
    }
    case "chain": {
      const level = chainLevel(expression);
      return [
        ...at(level + 1, expression.first),
        ...expression.rest.flatMap(({ operator, operand }) => [operator, ...at(level + 1, operand)]),
      ];
    }
    case "compare":
      return [...at(levels.sum, expression.left), expression.operator, ...at(levels.sum, expression.right)];
    case "not":
      return ["not", ...at(levels.not, expression.operand)];
    case "negate":
      return ["-", ...at(levels.negate, expression.operand)];
    case "power":
      return [...at(levels.atom, expression.base), "^", ...at(levels.negate, expression.exponent)];
  }
}

function rangeTokens(range: ast.Range): string[] {
  return [...at(levels.sum, range.low), "..", ...at(levels.sum, range.high)];
}

function loopTokens(loop: ast.LoopVariable): string[] {
  return [loop.name.name, "in", ...rangeTokens(loop.range)];
}

function binderTokens(binder: ast.Binder, word = "for"): string[] {
  const loops = binder.loops.length === 0 ? [] : [word, ...separated(binder.loops, loopTokens)];
  return binder.condition === null ? loops : [...loops, "when", ...expressionTokens(binder.condition)];
}

function listTokens(value: ast.ListOrExpression): string[] {
  if (value.kind !== "list") return expressionTokens(value);
  return ["[", ...separated(value.items, listTokens), "]"];
}

function changesTokens(changes: ast.Changes): string[] {
  const items = separated(changes.items, (change) => [
    change.cell.name,
    ...bracketed(change.indices, expressionTokens),
    change.operator,
    ...expressionTokens(change.value),
  ]);
  return changes.each === null ? items : [...items, ...binderTokens(changes.each, "each")];
}

function bracketed<T>(items: readonly T[], of: (item: T) => string[]): string[] {
  return items.length === 0 ? [] : ["[", ...separated(items, of), "]"];
}

function boundTokens(bound: ast.Bound): string[] {
  switch (bound.kind) {
    case "interval":
      return ["in", ...rangeTokens(bound.range)];
    case "oneSided":
      return [bound.operator, ...at(levels.sum, bound.limit)];
    case "simplex":
      return ["simplex"];
  }
}

function domainTokens(domain: ast.StateDomain): string[] {
  switch (domain.kind) {
    case "range":
      return rangeTokens(domain.range);
    case "enum":
      return ["{", ...separated(domain.values, (value) => [value.name]), "}"];
    case "bool":
      return ["bool"];
  }
}

function clause(word: string | readonly string[], value: ast.Expression | null): string[] {
  return value === null ? [] : [...(typeof word === "string" ? [word] : word), ...expressionTokens(value)];
}

function observationTokens(observation: ast.Observation): string[] {
  switch (observation.kind) {
    case "stop":
      return [
        "stop",
        ...clause("=", observation.cause),
        ...clause("at", observation.time),
        ...clause(["censored", "when"], observation.censored),
      ];
    case "reward":
      return ["reward", observation.reward.name, ...clause("=", observation.value)];
    case "path":
      return [
        "path",
        ...clause("by", observation.subject),
        ...clause("at", observation.time),
        ",",
        ...changesTokens(observation.changes),
        ...clause(["exact", "when"], observation.exact),
      ];
  }
}

export function declarationTokens(declaration: ast.Declaration): string[] {
  const word = declaration.kind;
  switch (declaration.kind) {
    case "use":
      return [word, `"${declaration.path.value}"`];
    case "const":
      return [word, declaration.name.name, "=", ...listTokens(declaration.value)];
    case "param":
      return [
        word,
        declaration.name.name,
        ...bracketed(declaration.dimensions, rangeTokens),
        ...(declaration.bound === null ? [] : boundTokens(declaration.bound)),
        ...(declaration.defaultValue === null ? [] : ["=", ...listTokens(declaration.defaultValue)]),
        ...(declaration.prior === null
          ? []
          : [
              "~",
              declaration.prior.law.name,
              "(",
              ...separated(declaration.prior.args, expressionTokens),
              ")",
            ]),
      ];
    case "covariate":
      return [word, declaration.name.name, ...clause("=", declaration.value)];
    case "state":
      return [
        word,
        declaration.name.name,
        ...bracketed(declaration.dimensions, rangeTokens),
        "in",
        ...domainTokens(declaration.domain),
      ];
    case "start":
    case "event":
      return [
        word,
        ...(declaration.kind === "event" ? [declaration.name.name] : []),
        ...(declaration.binder === null ? [] : binderTokens(declaration.binder)),
        ":",
        ...changesTokens(declaration.changes),
        ...(declaration.kind === "start" ? clause("@", declaration.weight) : rateTokens(declaration.rate)),
      ];
    case "stop":
      return [
        word,
        ...(declaration.name === null ? [] : [declaration.name.name]),
        ...clause("when", declaration.condition),
      ];
    case "reward":
      return [
        word,
        declaration.name.name,
        ...bracketed(declaration.indices, loopTokens),
        ...(declaration.on.length === 0 ? [] : ["on", ...separated(declaration.on, (event) => [event.name])]),
        ...clause("=", declaration.value),
      ];
    case "def":
      return [
        word,
        declaration.name.name,
        ...(declaration.parameters === null
          ? []
          : ["(", ...separated(declaration.parameters, (parameter) => [parameter.name]), ")"]),
        ...clause("=", declaration.body),
      ];
    case "epoch":
      return [word, declaration.name.name, ...clause("from", declaration.from)];
    case "enter":
      return [word, declaration.epoch.name, ":", ...changesTokens(declaration.changes)];
    case "data":
      return [word, declaration.name.name, "from", `"${declaration.path.value}"`];
    case "observe":
      return [
        word,
        declaration.data.name,
        ...(declaration.givens.length === 0
          ? []
          : [
              "with",
              ...separated(declaration.givens, (given) => [
                given.covariate.name,
                ...clause("=", given.value),
              ]),
            ]),
        ...clause("when", declaration.condition),
        ":",
        ...observationTokens(declaration.observation),
      ];
  }
}

function rateTokens(rate: ast.Expression | ast.RestRate): string[] {
  return ["@", ...(rate.kind === "rest" ? ["rest"] : expressionTokens(rate))];
}

/** All tokens of a file, declaration by declaration. */
export function fileTokens(file: ast.AstFile): string[][] {
  const { header } = file;
  const opening =
    header === null ? [] : [...(header.discrete ? ["discrete"] : []), "model", header.name.name];
  return [opening, ...file.declarations.map(declarationTokens)];
}

/** Joins tokens with separators that `pick` chooses; words and numbers are kept apart. */
export function joinTokens(tokens: readonly string[], pick: () => string): string {
  let text = "";
  for (const token of tokens) {
    const separator = text === "" ? "" : pick();
    const glued = separator === "" && /\w$/.test(text) && /^\w/.test(token);
    text += (glued ? " " : separator) + token;
  }
  return text;
}
