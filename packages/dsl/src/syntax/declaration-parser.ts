// The grammar of declarations, on top of that of expressions, changes and observations.
import type { ParserMethod } from "chevrotain";
import type {
  Bound,
  Binder,
  Declaration,
  Expression,
  Identifier as Name,
  ListOrExpression,
  LoopVariable,
  ModelHeader,
  OneSidedBound,
  PriorCall,
  Range,
  RestRate,
  StateDomain,
} from "./ast.ts";
import { outerSpan } from "./ast.ts";
import { expected, expectedRate, newName } from "./expected.ts";
import { continuesName } from "./failure.ts";
import { ObservationParser } from "./observation-parser.ts";
import { spanning, spanOf } from "./spans.ts";
import * as t from "./tokens.ts";

type Rule<T> = ParserMethod<[], T>;

/** Reads one stretch of tokens; what it found so far stays when it meets an error. */
export class DeclarationParser extends ObservationParser {
  header: ModelHeader | null = null;
  declarations: Declaration[] = [];

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  /** `discrete model NAME` and whatever declarations follow. */
  readonly opening: Rule<void> = this.RULE("opening", (): void => {
    const discrete = this.OPTION(() => this.CONSUME(t.Discrete));
    const word = this.CONSUME(t.Model, { ERR_MSG: expected.model });
    const name = this.SUBRULE(this.name, { ARGS: [newName("model")] });
    this.ACTION(() => {
      const span = spanning(spanOf(discrete ?? word), name.span);
      this.header = { kind: "model", discrete: discrete !== undefined, name, span };
    });
    this.SUBRULE(this.body);
  });

  readonly body: Rule<void> = this.RULE("body", (): void => {
    this.MANY(() => {
      const declaration = this.OR(this.declarationAlternatives);
      this.ACTION(() => this.declarations.push(declaration));
    });
  });

  private readonly declarationAlternatives: { ALT: () => Declaration }[] = [
    { ALT: () => this.SUBRULE(this.useDeclaration) },
    { ALT: () => this.SUBRULE(this.constDeclaration) },
    { ALT: () => this.SUBRULE(this.paramDeclaration) },
    { ALT: () => this.SUBRULE(this.covariateDeclaration) },
    { ALT: () => this.SUBRULE(this.stateDeclaration) },
    { ALT: () => this.SUBRULE(this.startDeclaration) },
    { ALT: () => this.SUBRULE(this.stopDeclaration) },
    { ALT: () => this.SUBRULE(this.eventDeclaration) },
    { ALT: () => this.SUBRULE(this.rewardDeclaration) },
    { ALT: () => this.SUBRULE(this.defDeclaration) },
    { ALT: () => this.SUBRULE(this.epochDeclaration) },
    { ALT: () => this.SUBRULE(this.enterDeclaration) },
    { ALT: () => this.SUBRULE(this.dataDeclaration) },
    { ALT: () => this.SUBRULE(this.observeDeclaration) },
  ];

  private readonly useDeclaration: Rule<Declaration> = this.RULE("useDeclaration", (): Declaration => {
    const word = this.CONSUME(t.Use);
    const path = this.SUBRULE(this.fileName);
    return this.ACTION(() => ({ kind: "use", path, span: this.spanFrom(word.startOffset) }));
  });

  private readonly constDeclaration: Rule<Declaration> = this.RULE("constDeclaration", (): Declaration => {
    const word = this.CONSUME(t.Const);
    const name = this.SUBRULE(this.name, { ARGS: [newName("constant")] });
    this.CONSUME(t.Assign, { ERR_MSG: expected.givesValue });
    const value = this.SUBRULE(this.listOrExpression);
    return this.ACTION(() => ({ kind: "const", name, value, span: this.spanFrom(word.startOffset) }));
  });

  private readonly listOrExpression: Rule<ListOrExpression> = this.RULE(
    "listOrExpression",
    (): ListOrExpression =>
      this.OR({
        DEF: [
          {
            ALT: (): ListOrExpression => {
              const items: ListOrExpression[] = [];
              const open = this.CONSUME(t.OpenBracket);
              this.AT_LEAST_ONE_SEP({
                SEP: t.Comma,
                DEF: () => items.push(this.SUBRULE(this.listOrExpression)),
                ERR_MSG: expected.value,
              });
              this.CONSUME(t.CloseBracket, { ERR_MSG: expected.closeBracket });
              return this.ACTION(() => ({ kind: "list", items, span: this.spanFrom(open.startOffset) }));
            },
          },
          { ALT: (): ListOrExpression => this.SUBRULE(this.expression) },
        ],
        ERR_MSG: expected.value,
      }),
  );

  private readonly paramDeclaration: Rule<Declaration> = this.RULE("paramDeclaration", (): Declaration => {
    let bound: Bound | null = null;
    let defaultValue: ListOrExpression | null = null;
    let prior: PriorCall | null = null;
    const word = this.CONSUME(t.Param);
    const name = this.SUBRULE(this.name, { ARGS: [newName("parameter")] });
    const dimensions = this.SUBRULE(this.dimensions);
    this.OPTION1(() => {
      bound = this.SUBRULE(this.bound);
    });
    this.OPTION2(() => {
      this.CONSUME(t.Assign);
      defaultValue = this.SUBRULE(this.listOrExpression);
    });
    this.OPTION3(() => {
      this.CONSUME(t.Tilde);
      prior = this.SUBRULE(this.prior);
    });
    return this.ACTION(() => ({
      kind: "param",
      name,
      dimensions,
      bound,
      defaultValue,
      prior,
      span: this.spanFrom(word.startOffset),
    }));
  });

  /** Possibly empty: `[1..n, 0..2]`. */
  private readonly dimensions: Rule<Range[]> = this.RULE("dimensions", (): Range[] => {
    const ranges: Range[] = [];
    this.OPTION(() => {
      this.CONSUME(t.OpenBracket);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => ranges.push(this.SUBRULE(this.range)),
        ERR_MSG: expected.value,
      });
      this.CONSUME(t.CloseBracket, { ERR_MSG: expected.closeBracket });
    });
    return ranges;
  });

  private readonly bound: Rule<Bound> = this.RULE("bound", (): Bound =>
    this.OR([
      {
        ALT: (): Bound => {
          const word = this.CONSUME(t.In);
          const range = this.SUBRULE(this.range);
          return this.ACTION(() => ({ kind: "interval", range, span: spanning(spanOf(word), range.span) }));
        },
      },
      {
        ALT: (): Bound => {
          const token = this.CONSUME(t.Inequality);
          const limit = this.SUBRULE(this.sum);
          return this.ACTION(() => ({
            kind: "oneSided",
            operator: token.image as OneSidedBound["operator"],
            limit,
            span: spanning(spanOf(token), outerSpan(limit)),
          }));
        },
      },
      {
        ALT: (): Bound => {
          const word = this.CONSUME(t.Simplex);
          return this.ACTION(() => ({ kind: "simplex", span: spanOf(word) }));
        },
      },
    ]),
  );

  private readonly prior: Rule<PriorCall> = this.RULE("prior", (): PriorCall => {
    const args: Expression[] = [];
    const law = this.SUBRULE(this.name, { ARGS: [expected.law] });
    this.CONSUME(t.OpenParenthesis, { ERR_MSG: expected.lawArguments });
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => args.push(this.SUBRULE(this.expression)),
      ERR_MSG: expected.value,
    });
    this.CONSUME(t.CloseParenthesis, { ERR_MSG: expected.closeArguments });
    return this.ACTION(() => ({ kind: "prior", law, args, span: this.spanFrom(law.span.start) }));
  });

  private readonly covariateDeclaration: Rule<Declaration> = this.RULE(
    "covariateDeclaration",
    (): Declaration => {
      const word = this.CONSUME(t.Covariate);
      const name = this.SUBRULE(this.name, { ARGS: [newName("covariate")] });
      this.CONSUME(t.Assign, { ERR_MSG: expected.givesValue });
      const value = this.SUBRULE(this.expression);
      return this.ACTION(() => ({ kind: "covariate", name, value, span: this.spanFrom(word.startOffset) }));
    },
  );

  private readonly stateDeclaration: Rule<Declaration> = this.RULE("stateDeclaration", (): Declaration => {
    const word = this.CONSUME(t.State);
    const name = this.SUBRULE(this.name, { ARGS: [newName("state")] });
    const dimensions = this.SUBRULE(this.dimensions);
    this.CONSUME(t.In, { ERR_MSG: expected.stateIn });
    const domain = this.SUBRULE(this.domain);
    return this.ACTION(() => ({
      kind: "state",
      name,
      dimensions,
      domain,
      span: this.spanFrom(word.startOffset),
    }));
  });

  private readonly domain: Rule<StateDomain> = this.RULE("domain", (): StateDomain =>
    this.OR([
      {
        ALT: (): StateDomain => {
          const values: Name[] = [];
          const open = this.CONSUME(t.OpenBrace);
          this.AT_LEAST_ONE_SEP({
            SEP: t.Comma,
            DEF: () => values.push(this.SUBRULE(this.name, { ARGS: [newName("value of the state")] })),
            ERR_MSG: newName("value of the state"),
          });
          this.CONSUME(t.CloseBrace, { ERR_MSG: expected.closeBrace });
          return this.ACTION(() => ({ kind: "enum", values, span: this.spanFrom(open.startOffset) }));
        },
      },
      {
        // `bool` may also be the name of a constant, as in `bool..3`.
        IGNORE_AMBIGUITIES: true,
        GATE: () => this.LA(1).tokenType === t.Bool && !continuesName(this.LA(2)),
        ALT: (): StateDomain => {
          const word = this.CONSUME(t.Bool);
          return this.ACTION(() => ({ kind: "bool", span: spanOf(word) }));
        },
      },
      {
        ALT: (): StateDomain => {
          const range = this.SUBRULE(this.range);
          return this.ACTION(() => ({ kind: "range", range, span: range.span }));
        },
      },
    ]),
  );

  private readonly startDeclaration: Rule<Declaration> = this.RULE("startDeclaration", (): Declaration => {
    let binder: Binder | null = null;
    let weight: Expression | null = null;
    const word = this.CONSUME(t.Start);
    this.OPTION1(() => {
      binder = this.SUBRULE(this.binder);
    });
    this.CONSUME(t.Colon, { ERR_MSG: expected.colonBeforeChanges });
    const changes = this.SUBRULE(this.changes);
    this.OPTION2(() => {
      this.CONSUME(t.AtSign);
      weight = this.SUBRULE(this.expression);
    });
    return this.ACTION(() => ({
      kind: "start",
      binder,
      changes,
      weight,
      span: this.spanFrom(word.startOffset),
    }));
  });

  private readonly stopDeclaration: Rule<Declaration> = this.RULE("stopDeclaration", (): Declaration => {
    const word = this.CONSUME(t.Stop);
    const name = this.OPTION(() => this.SUBRULE(this.name));
    this.CONSUME(t.When, { ERR_MSG: expected.stopWhen });
    const condition = this.SUBRULE(this.expression);
    return this.ACTION(() => ({
      kind: "stop",
      name: name ?? null,
      condition,
      span: this.spanFrom(word.startOffset),
    }));
  });

  private readonly eventDeclaration: Rule<Declaration> = this.RULE("eventDeclaration", (): Declaration => {
    let binder: Binder | null = null;
    const word = this.CONSUME(t.Event);
    const name = this.SUBRULE(this.name, { ARGS: [newName("event")] });
    this.OPTION(() => {
      binder = this.SUBRULE(this.binder);
    });
    this.CONSUME(t.Colon, { ERR_MSG: expected.colonBeforeChanges });
    const changes = this.SUBRULE(this.changes);
    const rateWords = this.ACTION(() => expectedRate(name.name));
    this.CONSUME(t.AtSign, { ERR_MSG: rateWords });
    const rate = this.OR({
      DEF: [
        {
          ALT: (): Expression | RestRate => {
            const rest = this.CONSUME(t.Rest);
            return this.ACTION(() => ({ kind: "rest", span: spanOf(rest) }));
          },
        },
        { ALT: (): Expression | RestRate => this.SUBRULE(this.expression) },
      ],
      ERR_MSG: rateWords,
    });
    return this.ACTION(() => ({
      kind: "event",
      name,
      binder,
      changes,
      rate,
      span: this.spanFrom(word.startOffset),
    }));
  });

  private readonly rewardDeclaration: Rule<Declaration> = this.RULE("rewardDeclaration", (): Declaration => {
    const indices: LoopVariable[] = [];
    const on: Name[] = [];
    const word = this.CONSUME(t.Reward);
    const name = this.SUBRULE(this.name, { ARGS: [newName("reward")] });
    this.OPTION1(() => {
      this.CONSUME(t.OpenBracket);
      this.AT_LEAST_ONE_SEP1({
        SEP: t.Comma,
        DEF: () => indices.push(this.SUBRULE(this.loop)),
        ERR_MSG: newName("loop variable"),
      });
      this.CONSUME(t.CloseBracket, { ERR_MSG: expected.closeBracket });
    });
    this.OPTION2(() => {
      this.CONSUME(t.On);
      this.AT_LEAST_ONE_SEP2({
        SEP: t.Comma,
        DEF: () => on.push(this.SUBRULE1(this.name, { ARGS: [expected.eventName] })),
        ERR_MSG: expected.eventName,
      });
    });
    this.CONSUME(t.Assign, { ERR_MSG: expected.givesValue });
    const value = this.SUBRULE(this.expression);
    return this.ACTION(() => ({
      kind: "reward",
      name,
      indices,
      on,
      value,
      span: this.spanFrom(word.startOffset),
    }));
  });

  private readonly defDeclaration: Rule<Declaration> = this.RULE("defDeclaration", (): Declaration => {
    let parameters: Name[] | null = null;
    const word = this.CONSUME(t.Def);
    const name = this.SUBRULE(this.name, { ARGS: [newName("def")] });
    this.OPTION(() => {
      const names: Name[] = [];
      this.CONSUME(t.OpenParenthesis);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => names.push(this.SUBRULE1(this.name, { ARGS: [newName("argument")] })),
        ERR_MSG: newName("argument"),
      });
      this.CONSUME(t.CloseParenthesis, { ERR_MSG: expected.closeArguments });
      parameters = names;
    });
    this.CONSUME(t.Assign, { ERR_MSG: expected.givesValue });
    const body = this.SUBRULE(this.expression);
    return this.ACTION(() => ({
      kind: "def",
      name,
      parameters,
      body,
      span: this.spanFrom(word.startOffset),
    }));
  });

  private readonly epochDeclaration: Rule<Declaration> = this.RULE("epochDeclaration", (): Declaration => {
    const word = this.CONSUME(t.Epoch);
    const name = this.SUBRULE(this.name, { ARGS: [newName("epoch")] });
    this.CONSUME(t.From, { ERR_MSG: expected.epochTime });
    const from = this.SUBRULE(this.expression);
    return this.ACTION(() => ({ kind: "epoch", name, from, span: this.spanFrom(word.startOffset) }));
  });

  private readonly enterDeclaration: Rule<Declaration> = this.RULE("enterDeclaration", (): Declaration => {
    const word = this.CONSUME(t.Enter);
    const epoch = this.SUBRULE(this.name, { ARGS: [expected.epochName] });
    this.CONSUME(t.Colon, { ERR_MSG: expected.colonBeforeChanges });
    const changes = this.SUBRULE(this.changes);
    return this.ACTION(() => ({ kind: "enter", epoch, changes, span: this.spanFrom(word.startOffset) }));
  });
}
