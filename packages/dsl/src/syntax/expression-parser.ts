// The grammar of expressions, ranges and binders.
import { EMPTY_ALT, EmbeddedActionsParser } from "chevrotain";
import type { IToken, ParserMethod } from "chevrotain";
import type {
  Binder,
  ConditionalBranch,
  Expression,
  Identifier as Name,
  LoopVariable,
  Range,
} from "./ast.ts";
import { outerSpan } from "./ast.ts";
import { expected, messages, newName } from "./expected.ts";
import type { RowFault, RowItem } from "./operators.ts";
import { assemble } from "./operators.ts";
import { endOf, spanning, spanOf } from "./spans.ts";
import * as t from "./tokens.ts";

/** What the grammar lets through and the language forbids; becomes a diagnostic of the declaration. */
export type ReadingFault = RowFault | { readonly kind: "number too large"; readonly token: IToken };

/**
 * Rules build the syntax tree as they go. An expression is read as a flat row of operands and operators and
 * given its precedence afterwards, so the parser's own recursion is three rules deep for each open bracket.
 */
export class ExpressionParser extends EmbeddedActionsParser {
  faults: ReadingFault[] = [];

  constructor() {
    super([...t.tokenTypes], {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations: t.skipValidations,
      errorMessageProvider: messages,
    });
  }

  /** From `start` to the end of the token that was read last. */
  protected spanFrom(start: number): { readonly start: number; readonly end: number } {
    return { start, end: endOf(this.LA(0)) };
  }

  /** A name; the argument is what is expected here. */
  protected readonly name: ParserMethod<[string?], Name> = this.RULE(
    "name",
    (what: string = expected.value): Name => {
      const token = this.CONSUME(t.Identifier, { ERR_MSG: what });
      return this.ACTION(() => ({ kind: "identifier", name: token.image, span: spanOf(token) }));
    },
  );

  protected readonly expression: ParserMethod<[], Expression> = this.RULE("expression", (): Expression => {
    const branches: ConditionalBranch[] = [];
    let first: IToken | null = null;
    this.MANY(() => {
      const word = this.CONSUME(t.If);
      first ??= word;
      const condition = this.SUBRULE(this.expression);
      this.CONSUME(t.Then, { ERR_MSG: expected.thenValue });
      const value = this.SUBRULE1(this.expression);
      this.CONSUME(t.Else, { ERR_MSG: expected.elseValue });
      branches.push({ condition, value });
    });
    const otherwise = this.SUBRULE(this.operation);
    return this.ACTION(() => {
      if (first === null) return otherwise;
      return { kind: "if", branches, otherwise, span: spanning(spanOf(first), outerSpan(otherwise)) };
    });
  });

  private readonly operation: ParserMethod<[], Expression> = this.RULE("operation", (): Expression => {
    const row: RowItem[] = [];
    this.SUBRULE(this.operand, { ARGS: [row] });
    this.MANY(() => {
      const token = this.CONSUME(t.Infix);
      row.push({ token, prefix: false });
      this.SUBRULE1(this.operand, { ARGS: [row] });
    });
    return this.ACTION(() => this.build(row));
  });

  /** An expression without comparisons, `and`, `or`, `not`: ends of ranges, bounds. */
  protected readonly sum: ParserMethod<[], Expression> = this.RULE("sum", (): Expression => {
    const row: RowItem[] = [];
    this.SUBRULE(this.numericOperand, { ARGS: [row] });
    this.MANY(() => {
      const token = this.CONSUME(t.ArithmeticInfix);
      row.push({ token, prefix: false });
      this.SUBRULE1(this.numericOperand, { ARGS: [row] });
    });
    return this.ACTION(() => this.build(row));
  });

  private build(row: readonly RowItem[]): Expression {
    return assemble(row, (fault) => this.faults.push(fault));
  }

  private readonly operand: ParserMethod<[RowItem[]?], void> = this.RULE(
    "operand",
    (row: RowItem[] = []): void => {
      this.MANY(() => {
        this.OR([
          { ALT: () => row.push({ token: this.CONSUME(t.Minus), prefix: true }) },
          { ALT: () => row.push({ token: this.CONSUME(t.Not), prefix: true }) },
        ]);
      });
      row.push(this.SUBRULE(this.primary));
    },
  );

  private readonly numericOperand: ParserMethod<[RowItem[]?], void> = this.RULE(
    "numericOperand",
    (row: RowItem[] = []): void => {
      this.MANY(() => row.push({ token: this.CONSUME(t.Minus), prefix: true }));
      row.push(this.SUBRULE(this.primary));
    },
  );

  // One array for all calls: chevrotain reads the alternatives anew at each call, and this is the hottest rule.
  private readonly primaryAlternatives: { ALT: () => Expression }[] = [
    {
      ALT: () => {
        const token = this.CONSUME(t.NumberToken);
        return this.ACTION(() => {
          const value = Number(token.image);
          if (!Number.isFinite(value)) this.faults.push({ kind: "number too large", token });
          return { kind: "number", value, text: token.image, span: spanOf(token) };
        });
      },
    },
    {
      ALT: () => {
        const token = this.CONSUME(t.Text);
        return this.ACTION(() => ({
          kind: "string",
          value: token.image.slice(1, -1),
          span: spanOf(token),
        }));
      },
    },
    {
      ALT: () => {
        const token = this.CONSUME(t.Ticked);
        return this.ACTION(() => ({ kind: "column", name: token.image.slice(1, -1), span: spanOf(token) }));
      },
    },
    {
      ALT: () => {
        const token = this.CONSUME(t.True);
        return this.ACTION(() => ({ kind: "boolean", value: true, span: spanOf(token) }));
      },
    },
    {
      ALT: () => {
        const token = this.CONSUME(t.False);
        return this.ACTION(() => ({ kind: "boolean", value: false, span: spanOf(token) }));
      },
    },
    { ALT: () => this.SUBRULE(this.parenthesized) },
    { ALT: () => this.SUBRULE(this.reference) },
  ];

  private readonly primary: ParserMethod<[], Expression> = this.RULE("primary", (): Expression =>
    this.OR({ DEF: this.primaryAlternatives, ERR_MSG: expected.value }),
  );

  private readonly parenthesized: ParserMethod<[], Expression> = this.RULE(
    "parenthesized",
    (): Expression => {
      const open = this.CONSUME(t.OpenParenthesis);
      const inner = this.SUBRULE(this.expression);
      this.CONSUME(t.CloseParenthesis, { ERR_MSG: expected.closeParenthesis });
      return this.ACTION(() => ({
        ...inner,
        parentheses: [...(inner.parentheses ?? []), this.spanFrom(open.startOffset)],
      }));
    },
  );

  /** A name, an array cell, a value of an enum state, or a call. */
  private readonly reference: ParserMethod<[], Expression> = this.RULE("reference", (): Expression => {
    const token = this.CONSUME(t.Identifier);
    return this.OR([
      {
        ALT: (): Expression => {
          const indices = this.SUBRULE(this.indices);
          return this.ACTION(() => ({
            kind: "index",
            name: { kind: "identifier", name: token.image, span: spanOf(token) },
            indices,
            span: this.spanFrom(token.startOffset),
          }));
        },
      },
      {
        ALT: (): Expression => {
          this.CONSUME(t.Dot);
          const member = this.SUBRULE(this.name, { ARGS: [expected.enumMember] });
          return this.ACTION(() => ({
            kind: "member",
            owner: { kind: "identifier", name: token.image, span: spanOf(token) },
            member,
            span: this.spanFrom(token.startOffset),
          }));
        },
      },
      {
        ALT: (): Expression => {
          const args: Expression[] = [];
          let binder: Binder | null = null;
          this.CONSUME(t.OpenParenthesis);
          this.AT_LEAST_ONE_SEP({
            SEP: t.Comma,
            DEF: () => args.push(this.SUBRULE(this.expression)),
            ERR_MSG: expected.value,
          });
          this.OPTION(() => {
            binder = this.SUBRULE(this.binder);
          });
          this.CONSUME(t.CloseParenthesis, { ERR_MSG: expected.closeArguments });
          return this.ACTION(() => ({
            kind: "call",
            callee: { kind: "identifier", name: token.image, span: spanOf(token) },
            args,
            binder,
            span: this.spanFrom(token.startOffset),
          }));
        },
      },
      { ALT: EMPTY_ALT<Expression>({ kind: "name", name: token.image, span: spanOf(token) }) },
    ]);
  });

  /** `[i + 1, j]` */
  protected readonly indices: ParserMethod<[], Expression[]> = this.RULE("indices", (): Expression[] => {
    const indices: Expression[] = [];
    this.CONSUME(t.OpenBracket);
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => indices.push(this.SUBRULE(this.expression)),
      ERR_MSG: expected.value,
    });
    this.CONSUME(t.CloseBracket, { ERR_MSG: expected.closeBracket });
    return indices;
  });

  protected readonly range: ParserMethod<[], Range> = this.RULE("range", (): Range => {
    const low = this.SUBRULE(this.sum);
    this.CONSUME(t.DotDot, { ERR_MSG: expected.rangeDots });
    const high = this.SUBRULE1(this.sum);
    return this.ACTION(() => ({ kind: "range", low, high, span: spanning(outerSpan(low), outerSpan(high)) }));
  });

  /** `for i in 1..n, j in i..n when i != j`, or `when q > 0` alone. */
  protected readonly binder: ParserMethod<[], Binder> = this.RULE("binder", (): Binder =>
    this.OR([
      {
        ALT: (): Binder => {
          const word = this.CONSUME(t.For);
          return this.SUBRULE(this.loops, { ARGS: [word] });
        },
      },
      {
        ALT: (): Binder => {
          const word = this.CONSUME(t.When);
          const condition = this.SUBRULE(this.expression);
          return this.ACTION(() => ({
            kind: "binder",
            loops: [],
            condition,
            span: spanning(spanOf(word), outerSpan(condition)),
          }));
        },
      },
    ]),
  );

  /** What follows `for` or `each`, which is the argument. */
  protected readonly loops: ParserMethod<[IToken?], Binder> = this.RULE("loops", (word?: IToken): Binder => {
    const loops: LoopVariable[] = [];
    let condition: Expression | null = null;
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => loops.push(this.SUBRULE(this.loop)),
      ERR_MSG: newName("loop variable"),
    });
    this.OPTION(() => {
      this.CONSUME(t.When);
      condition = this.SUBRULE(this.expression);
    });
    return this.ACTION(() => ({
      kind: "binder",
      loops,
      condition,
      span: this.spanFrom(word?.startOffset ?? loops[0].span.start),
    }));
  });

  protected readonly loop: ParserMethod<[], LoopVariable> = this.RULE("loop", (): LoopVariable => {
    const name = this.SUBRULE(this.name, { ARGS: [newName("loop variable")] });
    this.CONSUME(t.In, { ERR_MSG: expected.loopIn });
    const range = this.SUBRULE(this.range);
    return this.ACTION(() => ({ kind: "loop", name, range, span: spanning(name.span, range.span) }));
  });
}
