// FeatureTrace: operations on a model's symbolic parameters become expressions of its feature table.
import { NdArray, PhxError, Tracer } from "@phxlang/autodiff";
import type { ArrayType, Parameters, Primitive, RunningTrace, Value } from "@phxlang/autodiff";
import { applyToExpressions } from "./feature-rules.ts";
import type { Expressions } from "./feature-rules.ts";
import type { FeatureTable } from "./feature-table.ts";

/** Which of the user's functions is running, and on what: `transitions in (k = 3)`. */
export type CallDescription = () => string;

/** A symbolic array of expressions: a parameter, a covariate, or what was computed from them. */
export class FeatureTracer extends Tracer implements Expressions {
  override readonly trace: FeatureTrace;
  override readonly type: ArrayType;
  /** Expressions of the elements, row-major; bools are expressions of 1 and 0. */
  readonly nodes: readonly number[];

  constructor(trace: FeatureTrace, type: ArrayType, nodes: readonly number[]) {
    super();
    this.trace = trace;
    this.type = type;
    this.nodes = nodes;
  }

  override [Symbol.toPrimitive](hint: string): never {
    throw this.trace.valueAsked(hint === "string" ? "as text" : "by a JavaScript operator or as a number");
  }

  override item(): number {
    throw this.trace.valueAsked("with item()");
  }

  override js(): never {
    throw this.trace.valueAsked("with js()");
  }

  override dataSync(): never {
    throw this.trace.valueAsked("with dataSync()");
  }

  override data(): Promise<never> {
    throw this.trace.valueAsked("with data()");
  }

  override toJSON(): never {
    throw this.trace.valueAsked("as JSON");
  }

  override describe(): string {
    return `Parameter<${this.type.dtype}[${this.type.shape.join(",")}] in ${this.trace.transform}>`;
  }
}

/** Lives for one call of a user's function. */
export class FeatureTrace implements RunningTrace {
  readonly level: number;
  readonly transform = "defineModel";
  readonly table: FeatureTable;
  active = true;
  private readonly call: CallDescription;

  constructor(level: number, table: FeatureTable, call: CallDescription) {
    this.level = level;
    this.table = table;
    this.call = call;
  }

  end(): void {
    this.active = false;
  }

  /** Entries [offset, offset + product of shape) of z. */
  input(offset: number, shape: readonly number[]): FeatureTracer {
    const size = shape.reduce((product, length) => product * length, 1);
    const nodes = Array.from({ length: size }, (_, i) => this.table.input(offset + i));
    return new FeatureTracer(this, { dtype: "f64", shape }, nodes);
  }

  lift(value: Value): FeatureTracer {
    if (value instanceof FeatureTracer && value.trace === this) return value;
    if (!(value instanceof NdArray)) {
      throw new PhxError({
        code: "PHX911",
        what: `${this.call()} uses a value that ${value.trace.transform} is tracing`,
        why: "a model's rates depend on its parameters and on plain numbers only",
        fix: "declare a parameter or a covariate for it, and give its value when the model is evaluated",
      });
    }
    const nodes = Array.from(value.elements, (element) => this.table.constant(element));
    return new FeatureTracer(this, value.type, nodes);
  }

  process(primitive: Primitive, operands: readonly Tracer[], parameters: Parameters): readonly Value[] {
    const given = operands.map((operand) => this.lift(operand));
    const types = primitive.type(
      given.map(({ type }) => type),
      parameters,
    );
    const nodes = applyToExpressions(this.table, primitive, given, parameters, types[0]);
    if (nodes === null || types.length !== 1) throw this.notAvailable(primitive.name);
    return [new FeatureTracer(this, types[0], nodes)];
  }

  valueAsked(how: string): PhxError {
    return new PhxError({
      code: "PHX910",
      what: `${this.call()} asked for the value of a parameter ${how}`,
      why: "the structure of a model is the same for all parameter values, so parameters are symbols here",
      fix: "write rates with methods, rate.mul(3) or np.exp(rate); choose between numbers with np.where(rate.less(1), a, b)",
    });
  }

  private notAvailable(operation: string): PhxError {
    return new PhxError({
      code: "PHX916",
      what: `${this.call()} applies \`${operation}\` to parameters`,
      why: "rates are built from arithmetic, elementary and special functions, comparisons, sums and products",
      fix: "write it with those",
    });
  }
}
