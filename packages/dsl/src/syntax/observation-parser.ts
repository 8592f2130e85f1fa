// The grammar of changes, data and observations, on top of that of expressions.
import type { IToken, ParserMethod } from "chevrotain";
import type {
  Binder,
  Change,
  Changes,
  Declaration,
  Expression,
  Given,
  Observation,
  StringLiteral,
} from "./ast.ts";
import { expected, newName } from "./expected.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { spanOf } from "./spans.ts";
import * as t from "./tokens.ts";

type Rule<T> = ParserMethod<[], T>;

export class ObservationParser extends ExpressionParser {
  protected readonly fileName: Rule<StringLiteral> = this.RULE("fileName", (): StringLiteral => {
    const token = this.CONSUME(t.Text, { ERR_MSG: expected.fileName });
    return this.ACTION(() => ({ kind: "string", value: token.image.slice(1, -1), span: spanOf(token) }));
  });

  protected readonly changes: Rule<Changes> = this.RULE("changes", (): Changes => {
    const items: Change[] = [];
    let each: Binder | null = null;
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => items.push(this.SUBRULE(this.change)),
      ERR_MSG: expected.changedCell,
    });
    this.OPTION(() => {
      const word = this.CONSUME(t.Each);
      each = this.SUBRULE(this.loops, { ARGS: [word] });
    });
    return this.ACTION(() => ({ kind: "changes", items, each, span: this.spanFrom(items[0].span.start) }));
  });

  private readonly change: Rule<Change> = this.RULE("change", (): Change => {
    let indices: readonly Expression[] = [];
    const cell = this.SUBRULE(this.name, { ARGS: [expected.changedCell] });
    this.OPTION(() => {
      indices = this.SUBRULE(this.indices);
    });
    const cellSpan = this.ACTION(() => this.spanFrom(cell.span.start));
    const sign = this.OR({
      DEF: [
        { ALT: (): IToken => this.CONSUME(t.Assign) },
        { ALT: (): IToken => this.CONSUME(t.PlusAssign) },
        { ALT: (): IToken => this.CONSUME(t.MinusAssign) },
      ],
      ERR_MSG: expected.changeSign,
    });
    const value = this.SUBRULE(this.expression);
    return this.ACTION(() => ({
      kind: "change",
      cell,
      indices,
      cellSpan,
      operator: sign.image as Change["operator"],
      operatorSpan: spanOf(sign),
      value,
      span: this.spanFrom(cell.span.start),
    }));
  });

  protected readonly dataDeclaration: Rule<Declaration> = this.RULE("dataDeclaration", (): Declaration => {
    const word = this.CONSUME(t.Data);
    const name = this.SUBRULE(this.name, { ARGS: [newName("data")] });
    this.CONSUME(t.From, { ERR_MSG: expected.dataFile });
    const path = this.SUBRULE(this.fileName);
    return this.ACTION(() => ({ kind: "data", name, path, span: this.spanFrom(word.startOffset) }));
  });

  protected readonly observeDeclaration: Rule<Declaration> = this.RULE(
    "observeDeclaration",
    (): Declaration => {
      const givens: Given[] = [];
      let condition: Expression | null = null;
      const word = this.CONSUME(t.Observe);
      const data = this.SUBRULE(this.name, { ARGS: [expected.dataName] });
      this.OPTION1(() => {
        this.CONSUME(t.With);
        this.AT_LEAST_ONE_SEP({
          SEP: t.Comma,
          DEF: () => givens.push(this.SUBRULE(this.given)),
          ERR_MSG: expected.covariateName,
        });
      });
      this.OPTION2(() => {
        this.CONSUME(t.When);
        condition = this.SUBRULE(this.expression);
      });
      this.CONSUME(t.Colon, { ERR_MSG: expected.observeColon });
      const observation = this.SUBRULE(this.observation);
      return this.ACTION(() => ({
        kind: "observe",
        data,
        givens,
        condition,
        observation,
        span: this.spanFrom(word.startOffset),
      }));
    },
  );

  private readonly given: Rule<Given> = this.RULE("given", (): Given => {
    const covariate = this.SUBRULE(this.name, { ARGS: [expected.covariateName] });
    this.CONSUME(t.Assign, { ERR_MSG: expected.givesValue });
    const value = this.SUBRULE(this.expression);
    return this.ACTION(() => ({
      kind: "given",
      covariate,
      value,
      span: this.spanFrom(covariate.span.start),
    }));
  });

  private readonly observation: Rule<Observation> = this.RULE("observation", (): Observation =>
    this.OR({
      DEF: [
        { ALT: (): Observation => this.SUBRULE(this.stopObservation) },
        { ALT: (): Observation => this.SUBRULE(this.rewardObservation) },
        { ALT: (): Observation => this.SUBRULE(this.pathObservation) },
      ],
      ERR_MSG: expected.observation,
    }),
  );

  private readonly stopObservation: Rule<Observation> = this.RULE("stopObservation", (): Observation => {
    let cause: Expression | null = null;
    let censored: Expression | null = null;
    const word = this.CONSUME(t.Stop);
    this.OPTION1(() => {
      this.CONSUME(t.Assign);
      cause = this.SUBRULE(this.expression);
    });
    this.CONSUME(t.At, { ERR_MSG: expected.observedAt });
    const time = this.SUBRULE1(this.expression);
    this.OPTION2(() => {
      this.CONSUME(t.Censored);
      this.CONSUME(t.When, { ERR_MSG: expected.stopWhen });
      censored = this.SUBRULE2(this.expression);
    });
    return this.ACTION(() => ({
      kind: "stop",
      cause,
      time,
      censored,
      span: this.spanFrom(word.startOffset),
    }));
  });

  private readonly rewardObservation: Rule<Observation> = this.RULE("rewardObservation", (): Observation => {
    const word = this.CONSUME(t.Reward);
    const reward = this.SUBRULE(this.name, { ARGS: [expected.rewardName] });
    this.CONSUME(t.Assign, { ERR_MSG: expected.givesValue });
    const value = this.SUBRULE(this.expression);
    return this.ACTION(() => ({ kind: "reward", reward, value, span: this.spanFrom(word.startOffset) }));
  });

  private readonly pathObservation: Rule<Observation> = this.RULE("pathObservation", (): Observation => {
    let exact: Expression | null = null;
    const word = this.CONSUME(t.Path);
    this.CONSUME(t.By, { ERR_MSG: expected.pathBy });
    const subject = this.SUBRULE(this.expression);
    this.CONSUME(t.At, { ERR_MSG: expected.observedAt });
    const time = this.SUBRULE1(this.expression);
    this.CONSUME(t.Comma, { ERR_MSG: expected.pathComma });
    const changes = this.SUBRULE(this.changes);
    this.OPTION(() => {
      this.CONSUME(t.Exact);
      this.CONSUME(t.When, { ERR_MSG: expected.stopWhen });
      exact = this.SUBRULE2(this.expression);
    });
    return this.ACTION(() => ({
      kind: "path",
      subject,
      time,
      changes,
      exact,
      span: this.spanFrom(word.startOffset),
    }));
  });
}
