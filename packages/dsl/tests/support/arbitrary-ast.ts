// Arbitrary syntax trees: every production of the grammar, without spans that mean anything.
import { fc } from "@fast-check/vitest";
import type { ast } from "@phxlang/dsl";

type Arbitrary<T> = fc.Arbitrary<T>;
const span = { start: 0, end: 0 };

const words = ["a", "b", "k", "rate", "N", "x_1", "beta", "flood_left", "Q9", "_t"];
/** Words of clauses are names too. */
const clauseWords = [
  "from",
  "on",
  "by",
  "at",
  "path",
  "censored",
  "exact",
  "simplex",
  "bool",
  "with",
  "each",
];
const builtIn = ["sum", "min", "choose", "exp", "all", "discrete", "time"];

export const name: Arbitrary<ast.Identifier> = fc
  .constantFrom(...words, ...clauseWords, ...builtIn)
  .map((text) => ({ kind: "identifier", name: text, span }));

const numberText = fc.oneof(
  fc.nat({ max: 1000 }).map(String),
  fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 999 })).map(([whole, part]) => `${whole}.${part}`),
  fc
    .tuple(fc.nat({ max: 9 }), fc.constantFrom("e", "E"), fc.integer({ min: -20, max: 20 }))
    .map(([digit, e, exponent]) => `${digit}${e}${exponent}`),
);
const text = fc
  .string({ unit: fc.constantFrom(...Array.from("abc .#'`:@=éλ")), maxLength: 6 })
  .map((value): ast.StringLiteral => ({ kind: "string", value, span }));
const column = fc
  .string({ unit: fc.constantFrom(...Array.from("abc .#'\":@")), minLength: 1, maxLength: 6 })
  .map((value): ast.ColumnReference => ({ kind: "column", name: value, span }));

interface Trees {
  expression: ast.Expression;
  binder: ast.Binder;
  range: ast.Range;
  loop: ast.LoopVariable;
}

const trees = fc.letrec<Trees>((tie: fc.LetrecTypedTie<Trees>): fc.LetrecValue<Trees> => {
  const some = fc.array(tie("expression"), { minLength: 1, maxLength: 3 });
  const leaf = fc.oneof(
    numberText.map((written): ast.Expression => ({
      kind: "number",
      value: Number(written),
      text: written,
      span,
    })),
    name.map((of): ast.Expression => ({ kind: "name", name: of.name, span })),
    fc.boolean().map((value): ast.Expression => ({ kind: "boolean", value, span })),
    text,
    column,
  );
  const links = (...operators: ast.ChainOperator[]): Arbitrary<ast.ChainLink[]> =>
    fc.array(
      fc.record({
        operator: fc.constantFrom(...operators),
        operatorSpan: fc.constant(span),
        operand: tie("expression"),
      }),
      { minLength: 1, maxLength: 4 },
    );
  const chain = fc
    .tuple(tie("expression"), fc.oneof(links("or"), links("and"), links("+", "-"), links("*", "/")))
    .map(([first, rest]): ast.Expression => ({ kind: "chain", first, rest, span }));
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: "small", withCrossShrink: true },
      leaf,
      chain,
      fc.record({
        kind: fc.constant("compare" as const),
        operator: fc.constantFrom<ast.ComparisonOperator[]>("==", "!=", "<", "<=", ">", ">="),
        operatorSpan: fc.constant(span),
        left: tie("expression"),
        right: tie("expression"),
        span: fc.constant(span),
      }),
      fc.record({ kind: fc.constant("not" as const), operand: tie("expression"), span: fc.constant(span) }),
      fc.record({
        kind: fc.constant("negate" as const),
        operand: tie("expression"),
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant("power" as const),
        base: tie("expression"),
        exponent: tie("expression"),
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant("if" as const),
        branches: fc.array(fc.record({ condition: tie("expression"), value: tie("expression") }), {
          minLength: 1,
          maxLength: 3,
        }),
        otherwise: tie("expression"),
        span: fc.constant(span),
      }),
      fc.record({ kind: fc.constant("index" as const), name, indices: some, span: fc.constant(span) }),
      fc.record({
        kind: fc.constant("member" as const),
        owner: name,
        member: name,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant("call" as const),
        callee: name,
        args: some,
        binder: fc.option(tie("binder"), { nil: null }),
        span: fc.constant(span),
      }),
    ),
    range: fc
      .tuple(tie("expression"), tie("expression"))
      .map(([low, high]): ast.Range => ({ kind: "range", low, high, span })),
    loop: fc
      .tuple(name, tie("range"))
      .map(([of, range]): ast.LoopVariable => ({ kind: "loop", name: of, range, span })),
    binder: fc
      .tuple(fc.array(tie("loop"), { maxLength: 2 }), tie("expression"), fc.boolean())
      .map(([loops, condition, conditional]): ast.Binder => ({
        kind: "binder",
        loops,
        condition: conditional || loops.length === 0 ? condition : null,
        span,
      })),
  };
});

export const expression: Arbitrary<ast.Expression> = trees.expression;

const optional = <T>(of: Arbitrary<T>): Arbitrary<T | null> => fc.option(of, { nil: null });
const kind = <K extends string>(value: K): Arbitrary<K> => fc.constant(value);
const spanned = { span: fc.constant(span) };

const list: Arbitrary<ast.ListOrExpression> = fc.oneof(
  expression,
  fc
    .array(expression, { minLength: 1, maxLength: 6 })
    .map((items): ast.ListOrExpression => ({ kind: "list", items, span })),
  fc
    .array(
      fc
        .array(expression, { minLength: 1, maxLength: 2 })
        .map((items): ast.ListOrExpression => ({ kind: "list", items, span })),
      { minLength: 1, maxLength: 2 },
    )
    .map((items): ast.ListOrExpression => ({ kind: "list", items, span })),
);
const dimensions = fc.array(trees.range, { maxLength: 2 });
const bound = fc.oneof(
  trees.range.map((range): ast.Bound => ({ kind: "interval", range, span })),
  fc
    .tuple(fc.constantFrom<ast.OneSidedBound["operator"][]>("<", "<=", ">", ">="), expression)
    .map(([operator, limit]): ast.Bound => ({ kind: "oneSided", operator, limit, span })),
  fc.constant<ast.Bound>({ kind: "simplex", span }),
);
const prior = fc
  .tuple(name, fc.array(expression, { minLength: 1, maxLength: 2 }))
  .map(([law, args]): ast.PriorCall => ({ kind: "prior", law, args, span }));
const each = fc
  .tuple(fc.array(trees.loop, { minLength: 1, maxLength: 2 }), optional(expression))
  .map(([loops, condition]): ast.Binder => ({ kind: "binder", loops, condition, span }));
const change = fc
  .tuple(
    name,
    fc.array(expression, { maxLength: 2 }),
    fc.constantFrom<ast.Change["operator"][]>("=", "+=", "-="),
    expression,
  )
  .map(([cell, indices, operator, value]): ast.Change => ({
    kind: "change",
    cell,
    indices,
    cellSpan: span,
    operator,
    operatorSpan: span,
    value,
    span,
  }));
const changes = fc
  .tuple(fc.array(change, { minLength: 1, maxLength: 3 }), optional(each))
  .map(([items, of]): ast.Changes => ({ kind: "changes", items, each: of, span }));
const domain = fc.oneof(
  trees.range.map((range): ast.StateDomain => ({ kind: "range", range, span })),
  fc
    .array(name, { minLength: 1, maxLength: 4 })
    .map((values): ast.StateDomain => ({ kind: "enum", values, span })),
  fc.constant<ast.StateDomain>({ kind: "bool", span }),
);
const observation: Arbitrary<ast.Observation> = fc.oneof(
  fc.record({
    kind: kind("stop"),
    cause: optional(expression),
    time: expression,
    censored: optional(expression),
    ...spanned,
  }),
  fc.record({ kind: kind("reward"), reward: name, value: expression, ...spanned }),
  fc.record({
    kind: kind("path"),
    subject: expression,
    time: expression,
    changes,
    exact: optional(expression),
    ...spanned,
  }),
);

export const declaration: Arbitrary<ast.Declaration> = fc.oneof(
  fc.record({ kind: kind("use"), path: text, ...spanned }),
  fc.record({ kind: kind("const"), name, value: list, ...spanned }),
  fc.record({
    kind: kind("param"),
    name,
    dimensions,
    bound: optional(bound),
    defaultValue: optional(list),
    prior: optional(prior),
    ...spanned,
  }),
  fc.record({ kind: kind("covariate"), name, value: expression, ...spanned }),
  fc.record({ kind: kind("state"), name, dimensions, domain, ...spanned }),
  fc.record({
    kind: kind("start"),
    binder: optional(trees.binder),
    changes,
    weight: optional(expression),
    ...spanned,
  }),
  fc.record({ kind: kind("stop"), name: optional(name), condition: expression, ...spanned }),
  fc.record({
    kind: kind("event"),
    name,
    binder: optional(trees.binder),
    changes,
    rate: fc.oneof(expression, fc.constant<ast.RestRate>({ kind: "rest", span })),
    ...spanned,
  }),
  fc.record({
    kind: kind("reward"),
    name,
    indices: fc.array(trees.loop, { maxLength: 2 }),
    on: fc.array(name, { maxLength: 2 }),
    value: expression,
    ...spanned,
  }),
  fc.record({
    kind: kind("def"),
    name,
    parameters: optional(fc.array(name, { minLength: 1, maxLength: 3 })),
    body: expression,
    ...spanned,
  }),
  fc.record({ kind: kind("epoch"), name, from: expression, ...spanned }),
  fc.record({ kind: kind("enter"), epoch: name, changes, ...spanned }),
  fc.record({ kind: kind("data"), name, path: text, ...spanned }),
  fc.record({
    kind: kind("observe"),
    data: name,
    givens: fc.array(fc.record({ kind: kind("given"), covariate: name, value: expression, ...spanned }), {
      maxLength: 2,
    }),
    condition: optional(expression),
    observation,
    ...spanned,
  }),
);

export const file: Arbitrary<ast.AstFile> = fc
  .tuple(fc.boolean(), name, fc.array(declaration, { maxLength: 6 }))
  .map(([discrete, of, declarations]): ast.AstFile => ({
    kind: "file",
    header: { kind: "model", discrete, name: of, span },
    declarations,
    span,
  }));

/** A tree without spans and parentheses: what two equal programs share. */
export function meaning(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(meaning);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !["span", "operatorSpan", "cellSpan", "parentheses"].includes(key))
      .map(([key, value]): [string, unknown] => [key, meaning(value)]),
  );
}
