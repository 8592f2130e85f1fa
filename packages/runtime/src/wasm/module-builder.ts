// ModuleBuilder: a WebAssembly module with one imported memory, functions, and exported names.
import { internalError } from "@phxlang/autodiff";
import { ByteWriter } from "./byte-writer.ts";
import { valueTypeCode } from "./expression.ts";
import type { ValueType } from "./expression.ts";
import { FunctionBuilder } from "./function-builder.ts";
import type { FunctionReference, Local } from "./function-builder.ts";
import { maximumPages } from "./web-assembly.ts";

/** Locals of the parameters, in their order. */
export type ParameterLocals<P extends readonly ValueType[]> = { readonly [I in keyof P]: Local<P[I]> };

export type HostFunction = (...args: number[]) => number | void;

interface Definition {
  readonly typeIndex: number;
  body: FunctionBuilder | undefined;
}

/** The name under which every module of ours imports the memory of its host. */
export const memoryImport = { module: "host", name: "memory" } as const;

/**
 * Collects functions and encodes them as one module. WebAssembly numbers imported functions first, then defined
 * ones; references hold the position within their kind, so imports and definitions may be declared in any order.
 */
export class ModuleBuilder {
  private readonly types: string[] = [];
  private readonly typeBytes: Uint8Array[] = [];
  private readonly imports: { implementation: HostFunction; typeIndex: number }[] = [];
  private readonly definitions: Definition[] = [];
  private readonly exports: { name: string; index: number }[] = [];

  /** A JavaScript function that the module's functions can call. */
  importFunction<const P extends readonly ValueType[], R extends ValueType | "none">(
    implementation: HostFunction,
    parameters: P,
    result: R,
  ): FunctionReference<P, R> {
    this.imports.push({ implementation, typeIndex: this.typeIndex(parameters, result) });
    return { kind: "import", index: this.imports.length - 1, parameters, result };
  }

  /** The imported functions by the names that `encode` gives them: their positions. */
  importedFunctions(): Record<string, HostFunction> {
    return Object.fromEntries(
      this.imports.map(({ implementation }, index) => [String(index), implementation]),
    );
  }

  /** Defines a function; it can be called from functions that are defined later, and from its own body. */
  function<const P extends readonly ValueType[], R extends ValueType | "none">(
    parameters: P,
    result: R,
    body: (f: FunctionBuilder, ...parameters: ParameterLocals<P>) => void,
  ): FunctionReference<P, R> {
    const reference = this.declareFunction(parameters, result);
    this.define(reference, body);
    return reference;
  }

  /** A function whose body follows with `define`. */
  declareFunction<const P extends readonly ValueType[], R extends ValueType | "none">(
    parameters: P,
    result: R,
  ): FunctionReference<P, R> {
    this.definitions.push({ typeIndex: this.typeIndex(parameters, result), body: undefined });
    return { kind: "definition", index: this.definitions.length - 1, parameters, result };
  }

  define<P extends readonly ValueType[], R extends ValueType | "none">(
    reference: FunctionReference<P, R>,
    body: (f: FunctionBuilder, ...parameters: ParameterLocals<P>) => void,
  ): void {
    const f = new FunctionBuilder(reference.parameters);
    const locals = reference.parameters.map((type, index) => f.parameter(type, index));
    body(f, ...(locals as readonly Local[] as ParameterLocals<P>));
    // A function with a result ends in `return`; what follows is unreachable and satisfies the validator.
    if (reference.result !== "none") f.unreachable();
    const definition = this.definitions[reference.index];
    if (definition === undefined || definition.body !== undefined) {
      throw internalError("a function is defined once, in the module that declares it");
    }
    definition.body = f;
  }

  /** Defines a function and exports it. */
  export<const P extends readonly ValueType[], R extends ValueType | "none">(
    name: string,
    parameters: P,
    result: R,
    body: (f: FunctionBuilder, ...parameters: ParameterLocals<P>) => void,
  ): FunctionReference<P, R> {
    const reference = this.function(parameters, result, body);
    this.exportFunction(name, reference);
    return reference;
  }

  exportFunction(name: string, reference: FunctionReference<readonly ValueType[], ValueType | "none">): void {
    if (reference.kind === "import") throw internalError("only functions of the module itself are exported");
    this.exports.push({ name, index: reference.index });
  }

  encode(): Uint8Array<ArrayBuffer> {
    const writer = new ByteWriter();
    writer.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    section(writer, 1, this.typeBytes, (body, type) => body.bytes(type));
    section(writer, 2, [...this.imports, "memory" as const], (body, entry, index) => {
      body.name(memoryImport.module);
      if (entry === "memory") {
        body.name(memoryImport.name);
        body.bytes([0x02, 0x01]);
        body.unsigned(1);
        body.unsigned(maximumPages);
      } else {
        body.name(String(index));
        body.byte(0x00);
        body.unsigned(entry.typeIndex);
      }
    });
    section(writer, 3, this.definitions, (body, definition) => body.unsigned(definition.typeIndex));
    section(writer, 7, this.exports, (body, entry) => {
      body.name(entry.name);
      body.byte(0x00);
      body.unsigned(this.imports.length + entry.index);
    });
    section(writer, 10, this.definitions, (body, definition) => {
      if (definition.body === undefined) throw internalError("a declared function has no body");
      const code = definition.body.encode(this.imports.length);
      body.unsigned(code.length);
      body.bytes(code);
    });
    return writer.toBytes();
  }

  private typeIndex(parameters: readonly ValueType[], result: ValueType | "none"): number {
    const key = `${parameters.join(",")}:${result}`;
    const known = this.types.indexOf(key);
    if (known >= 0) return known;
    const writer = new ByteWriter();
    writer.byte(0x60);
    writer.unsigned(parameters.length);
    for (const type of parameters) writer.byte(valueTypeCode[type]);
    writer.unsigned(result === "none" ? 0 : 1);
    if (result !== "none") writer.byte(valueTypeCode[result]);
    this.types.push(key);
    this.typeBytes.push(writer.toBytes());
    return this.types.length - 1;
  }
}

function section<T>(
  writer: ByteWriter,
  id: number,
  entries: readonly T[],
  write: (body: ByteWriter, entry: T, index: number) => void,
): void {
  if (entries.length === 0) return;
  const body = new ByteWriter();
  body.unsigned(entries.length);
  entries.forEach((entry, index) => write(body, entry, index));
  const bytes = body.toBytes();
  writer.byte(id);
  writer.unsigned(bytes.length);
  writer.bytes(bytes);
}
