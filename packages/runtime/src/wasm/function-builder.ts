// FunctionBuilder: writes the body of one WebAssembly function, statement by statement.
import { internalError } from "@phxlang/autodiff";
import { ByteWriter, encodeSmall, paddedUnsigned } from "./byte-writer.ts";
import { instruction, noOperands, toExpression, valueTypeCode, writeExpression } from "./expression.ts";
import type { Expression, Operand, ValueType } from "./expression.ts";
import { i32 } from "./scalar.ts";
import type { Storable } from "./scalar.ts";

/** A variable of the function; as an expression it is the variable's present value. */
export interface Local<T extends ValueType = ValueType> extends Expression<T> {
  readonly index: number;
}

/** Where a branch goes: to the end of a block, or to the start of a loop. */
export interface Label {
  /** How many blocks enclose the labelled one. */
  readonly depth: number;
}

/** A function that can be called: imported, or defined in the same module. */
export interface FunctionReference<P extends readonly ValueType[], R extends ValueType | "none"> {
  readonly kind: "import" | "definition";
  /** Position among the imports or among the definitions of its module. */
  readonly index: number;
  readonly parameters: P;
  readonly result: R;
}

export type Arguments<P extends readonly ValueType[]> = { readonly [I in keyof P]: Operand<P[I]> };

/**
 * Writes instructions as its methods are called. A local that is declared inside a block belongs to that block:
 * its slot is used again after it, so a local holds garbage until it is set.
 */
export class FunctionBuilder {
  private code = new ByteWriter();
  private readonly localTypes: ValueType[];
  /** Slots that no open scope uses, by type. */
  private readonly freeSlots: Record<ValueType, number[]> = { i32: [], i64: [], f32: [], f64: [], v128: [] };
  private readonly scopes: Local[][] = [[]];
  private depth = 0;
  /** Where in `code` the numbers of defined functions stand; they grow by the number of imports. */
  private readonly definitionCalls: number[] = [];
  /** Inside an outermost loop: locals for the vector constants that it uses, by their bytes. */
  private hoisted: Map<string, { local: Local<"v128">; code: ArrayLike<number> }> | null = null;
  private readonly parameterCount: number;

  constructor(parameters: readonly ValueType[]) {
    this.localTypes = [...parameters];
    this.parameterCount = parameters.length;
  }

  /** The parameter of that position. */
  parameter<T extends ValueType>(type: T, index: number): Local<T> {
    return makeLocal(type, index);
  }

  /** A new local, without a value yet. */
  local<T extends ValueType>(type: T): Local<T> {
    let index = this.freeSlots[type].pop();
    if (index === undefined) {
      index = this.localTypes.length;
      this.localTypes.push(type);
    }
    const result = makeLocal(type, index);
    this.scopes[this.scopes.length - 1].push(result);
    return result;
  }

  /** A new local that holds the value of an expression. */
  let<T extends ValueType>(value: Expression<T>): Local<T> {
    const result = this.local(value.type);
    this.set(result, value);
    return result;
  }

  set<T extends ValueType>(target: Local<T>, value: Operand<T>): void {
    this.write(toExpression(target.type, value));
    this.code.byte(0x21);
    this.code.unsigned(target.index);
  }

  /** Writes one element at `address + offset`: `f.store(f64, a, x)`, `f.store(v128, a, v)`, `f.store(i8, a, bit)`. */
  store<T extends ValueType>(
    element: Storable<T>,
    address: Operand<"i32">,
    value: Operand<T>,
    offset = 0,
  ): void {
    this.write(toExpression("i32", address));
    this.write(toExpression(element.type, value));
    this.code.bytes(element.storeOpcode);
    this.code.unsigned(element.alignmentExponent);
    this.code.unsigned(offset);
  }

  /** Copies bytes; the stretches may overlap. */
  copyMemory(to: Operand<"i32">, from: Operand<"i32">, byteCount: Operand<"i32">): void {
    for (const operand of [to, from, byteCount]) this.write(toExpression("i32", operand));
    this.code.bytes([0xfc, 10, 0, 0]);
  }

  fillMemory(to: Operand<"i32">, byte: Operand<"i32">, byteCount: Operand<"i32">): void {
    for (const operand of [to, byte, byteCount]) this.write(toExpression("i32", operand));
    this.code.bytes([0xfc, 11, 0]);
  }

  /** The value of a function call. */
  call<P extends readonly ValueType[], R extends ValueType>(
    target: FunctionReference<P, R>,
    ...args: Arguments<P>
  ): Expression<R> {
    const code = callCode(target);
    const operands = (args as readonly Operand<ValueType>[]).map((argument, position) =>
      toExpression(target.parameters[position], argument),
    );
    return target.kind === "definition"
      ? { type: target.result, code, operands, callsDefinition: true }
      : { type: target.result, code, operands };
  }

  /** Calls a function for its effect. */
  run<P extends readonly ValueType[]>(target: FunctionReference<P, "none">, ...args: Arguments<P>): void {
    (args as readonly Operand<ValueType>[]).forEach((argument, position) => {
      this.write(toExpression(target.parameters[position], argument));
    });
    this.code.bytes(callCode(target));
    if (target.kind === "definition") this.definitionCalls.push(this.code.length - 5);
  }

  /** Ends the function, with its result if it has one. */
  return(value?: Expression): void {
    if (value !== undefined) this.write(value);
    this.code.byte(0x0f);
  }

  /** A trap: for what cannot happen. */
  unreachable(): void {
    this.code.byte(0x00);
  }

  /** A stretch of statements; branching to `exit` leaves it. */
  block(body: (exit: Label) => void): void {
    this.nest([0x02, 0x40], body);
  }

  /**
   * A stretch of statements; branching to `again` starts it over. Without that branch it runs once. Vector constants
   * inside are fetched once, before the outermost loop: not every engine moves them there itself.
   */
  loop(body: (again: Label) => void): void {
    if (this.hoisted !== null) {
      this.nest([0x03, 0x40], body);
      return;
    }
    const before = this.code;
    const firstCall = this.definitionCalls.length;
    this.code = new ByteWriter();
    this.hoisted = new Map();
    this.nest([0x03, 0x40], body);
    const inside = this.code.toBytes();
    this.code = before;
    for (const { local, code } of this.hoisted.values()) {
      before.bytes(code);
      before.byte(0x21);
      before.unsigned(local.index);
      this.freeSlots.v128.push(local.index);
    }
    this.hoisted = null;
    for (let i = firstCall; i < this.definitionCalls.length; i++) this.definitionCalls[i] += before.length;
    before.bytes(inside);
  }

  branch(label: Label): void {
    this.code.byte(0x0c);
    this.code.unsigned(this.distance(label));
  }

  branchIf(label: Label, condition: Operand<"i32">): void {
    this.write(toExpression("i32", condition));
    this.code.byte(0x0d);
    this.code.unsigned(this.distance(label));
  }

  if(condition: Operand<"i32">, then: () => void, otherwise?: () => void): void {
    this.write(toExpression("i32", condition));
    this.code.bytes([0x04, 0x40]);
    this.depth++;
    this.scope(then);
    if (otherwise !== undefined) {
      this.code.byte(0x05);
      this.scope(otherwise);
    }
    this.depth--;
    this.code.byte(0x0b);
  }

  while(condition: () => Expression<"i32">, body: () => void): void {
    this.block((exit) => {
      this.loop((again) => {
        this.branchIf(exit, i32.eqz(condition()));
        body();
        this.branch(again);
      });
    });
  }

  /**
   * For index = from, from + step … while index < to (for a negative step while index > to). `to` is computed
   * once; the index is a local of the caller or a fresh one. Comparisons are signed: count indices, not addresses.
   */
  forRange(
    from: Operand<"i32">,
    to: Operand<"i32">,
    body: (index: Local<"i32">) => void,
    options: { readonly step?: number; readonly index?: Local<"i32"> } = {},
  ): void {
    const step = options.step ?? 1;
    if (step === 0) throw internalError("a loop needs a step that is not 0");
    this.scope(() => {
      const index = options.index ?? this.local("i32");
      const end = typeof to === "number" ? i32.const(to) : this.let(to);
      const inside = (): Expression<"i32"> => (step > 0 ? i32.ltS(index, end) : i32.gtS(index, end));
      this.set(index, from);
      const turns = (): void =>
        this.loop((again) => {
          body(index);
          this.set(index, i32.add(index, step));
          this.branchIf(again, inside());
        });
      // Without a test before it, a loop lets the engine move constants out of the loops around it.
      if (typeof from === "number" && typeof to === "number") {
        if (step > 0 ? from < to : from > to) turns();
      } else this.if(inside(), turns);
    });
  }

  /** Jumps into case `selector`; numbers without a case run `otherwise`. Cases do not fall through. */
  switch(selector: Expression<"i32">, cases: readonly (() => void)[], otherwise: () => void): void {
    this.block((exit) => {
      const open = (remaining: number): void => {
        if (remaining < 0) {
          this.write(selector);
          this.code.byte(0x0e);
          this.code.unsigned(cases.length);
          for (let i = 0; i <= cases.length; i++) this.code.unsigned(i);
          return;
        }
        this.block(() => open(remaining - 1));
        (cases[remaining] ?? otherwise)();
        this.branch(exit);
      };
      open(cases.length);
    });
  }

  /** Locals declared inside are free for others afterwards. */
  scope(body: () => void): void {
    this.scopes.push([]);
    body();
    for (const local of this.scopes.pop() as Local[]) this.freeSlots[local.type].push(local.index);
  }

  /** The code section's entry: locals, instructions, end; for a module of so many imported functions. */
  encode(importCount: number): Uint8Array {
    if (this.depth !== 0) throw internalError("a block of a WebAssembly function was left open");
    const body = new ByteWriter();
    const runs: [number, ValueType][] = [];
    for (const type of this.localTypes.slice(this.parameterCount)) {
      const last = runs[runs.length - 1];
      if (last !== undefined && last[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    body.unsigned(runs.length);
    for (const [count, type] of runs) {
      body.unsigned(count);
      body.byte(valueTypeCode[type]);
    }
    const start = body.length;
    const code = this.code.toBytes();
    body.bytes(code);
    for (const position of this.definitionCalls) {
      const definition = readPadded(code, position);
      body.overwrite(start + position, paddedUnsigned(importCount + definition));
    }
    body.byte(0x0b);
    return body.toBytes();
  }

  /** Bytes written so far; what bounds the size of generated functions. */
  get byteLength(): number {
    return this.code.length;
  }

  private write(value: Expression): void {
    const replace = this.hoisted === null ? null : (constant: Expression) => this.hoist(constant);
    writeExpression(this.code, value, this.definitionCalls, replace);
  }

  /** The code that reads a constant from its local, which no other local of the loop shares. */
  private hoist({ code }: Expression): ArrayLike<number> {
    const hoisted = this.hoisted;
    if (hoisted === null) throw internalError("constants are hoisted out of loops only");
    const key = String.fromCharCode(...Array.from(code));
    let entry = hoisted.get(key);
    if (entry === undefined) {
      this.localTypes.push("v128");
      entry = { local: makeLocal("v128", this.localTypes.length - 1), code };
      hoisted.set(key, entry);
    }
    return entry.local.code;
  }

  private nest(opening: readonly number[], body: (label: Label) => void): void {
    this.code.bytes(opening);
    const label: Label = { depth: this.depth };
    this.depth++;
    this.scope(() => body(label));
    this.depth--;
    this.code.byte(0x0b);
  }

  private distance(label: Label): number {
    const distance = this.depth - 1 - label.depth;
    if (distance < 0) throw internalError("a branch to a block that is already closed");
    return distance;
  }
}

/** The call instruction; numbers of defined functions are padded, since imports may still be added. */
function callCode(target: FunctionReference<readonly ValueType[], ValueType | "none">): Uint8Array {
  return encodeSmall((writer) => {
    writer.byte(0x10);
    if (target.kind === "definition") writer.unsignedPadded(target.index);
    else writer.unsigned(target.index);
  });
}

function readPadded(bytes: Uint8Array, position: number): number {
  let value = 0;
  for (let i = 0; i < 5; i++) value |= (bytes[position + i] & 0x7f) << (7 * i);
  return value;
}

const localGets: Uint8Array[] = [];

/** The instruction that reads a local, made once for each index. */
function localGet(index: number): Uint8Array {
  return (localGets[index] ??= instruction([0x20], index));
}

function makeLocal<T extends ValueType>(type: T, index: number): Local<T> {
  return { type, index, operands: noOperands, code: localGet(index) };
}
