// Programs as plain data: what structured cloning takes to workers, and what the byte form is made of.
import type { DType, Elements } from "../array.ts";
import { NdArray } from "../ndarray.ts";
import { isParameterList, isProgram, isStructure } from "../parameters-key.ts";
import type { Parameter, Parameters, Primitive, Structure } from "../primitive.ts";
import type { Program } from "../program.ts";
import { storedProgramError } from "./stored-program-error.ts";
import { freezeProgram } from "./freeze.ts";

export interface PlainType {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly weak: boolean;
}

/** Parameters with programs and structures given by their numbers in the tables of the whole. */
export type PlainParameter =
  | number
  | string
  | boolean
  | null
  | { readonly list: readonly PlainParameter[] }
  | { readonly program: number }
  | { readonly structure: number }
  /** Numbers that JSON does not know: NaN, infinities, −0. */
  | { readonly number: "nan" | "inf" | "-inf" | "-0" };

export interface PlainProgramBody {
  readonly inputCount: number;
  readonly constants: readonly (PlainType & { readonly elements: Elements })[];
  readonly types: readonly PlainType[];
  readonly variableTypes: Int32Array;
  readonly primitives: readonly string[];
  readonly parameters: readonly (readonly (readonly [string, PlainParameter])[])[];
  readonly primitive: Int32Array;
  readonly parameter: Int32Array;
  readonly operandOffsets: Int32Array;
  readonly operands: Int32Array;
  readonly firstResult: Int32Array;
  readonly outputs: Int32Array;
}

export interface PlainStructure {
  readonly kind: string;
  /** Empty where the reader is known to have the structure of this hash. */
  readonly bytes: Uint8Array;
  readonly hash?: string;
}

/** Every distinct program inside comes once, before those that hold it; the last is the program itself. */
export interface PlainProgram {
  readonly format: "phx-program";
  readonly version: 1;
  readonly programs: readonly PlainProgramBody[];
  readonly structures: readonly PlainStructure[];
}

/** What a reader must know to make a program out of plain data. */
export interface ProgramDecoders {
  /** The primitive of a name; undefined if there is none. */
  primitive(name: string): Primitive | undefined;
  /** A structure of a kind from its canonical bytes; undefined if the kind is not known. */
  structure?(kind: string, bytes: Uint8Array, hash?: string): Structure | undefined;
}

/**
 * The program as plain data; typed arrays are shared with it, not copied. With `isKnown`, structures carry their hashes, and
 * those that the reader knows already come without their bytes.
 */
export function toPlain(program: Program, isKnown?: (hash: string) => boolean): PlainProgram {
  const order = innerFirst(program);
  const numbers = new Map(order.map((inner, i) => [inner, i]));
  const structures: PlainStructure[] = [];
  const structureNumbers = new Map<string, number>();
  const encode = (parameter: Parameter): PlainParameter => {
    if (typeof parameter === "number") return encodeNumber(parameter);
    if (typeof parameter !== "object" || parameter === null) return parameter;
    if (isParameterList(parameter)) return { list: parameter.map(encode) };
    if (isProgram(parameter)) return { program: numbers.get(parameter) ?? -1 };
    const key = `${parameter.structureKind} ${parameter.contentHash}`;
    let number = structureNumbers.get(key);
    if (number === undefined) {
      number = structures.push(plainStructure(parameter, isKnown)) - 1;
      structureNumbers.set(key, number);
    }
    return { structure: number };
  };
  return {
    format: "phx-program",
    version: 1,
    programs: order.map((inner) => plainBody(inner, encode)),
    structures,
  };
}

function plainStructure(structure: Structure, isKnown?: (hash: string) => boolean): PlainStructure {
  const { structureKind: kind, contentHash: hash } = structure;
  if (isKnown === undefined) return { kind, bytes: plainBytes(structure.toBytes()) };
  return { kind, hash, bytes: isKnown(hash) ? new Uint8Array(0) : plainBytes(structure.toBytes()) };
}

/** A view without the methods of subclasses such as Node's Buffer, which would change how it is written. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function plainBody(program: Program, encode: (parameter: Parameter) => PlainParameter): PlainProgramBody {
  const plainType = ({ dtype, shape, weak }: Program["types"][number]): PlainType => ({
    dtype,
    shape,
    weak: weak === true,
  });
  return {
    inputCount: program.inputCount,
    constants: program.constants.map((constant) => ({ ...plainType(constant), elements: constant.elements })),
    types: program.types.map(plainType),
    variableTypes: program.variableTypes,
    primitives: program.primitives.map((primitive) => primitive.name),
    parameters: program.parameters.map((parameters) =>
      Object.keys(parameters)
        .sort()
        .map((name) => [name, encode(parameters[name])] as const),
    ),
    primitive: program.primitive,
    parameter: program.parameter,
    operandOffsets: program.operandOffsets,
    operands: program.operands,
    firstResult: program.firstResult,
    outputs: program.outputs,
  };
}

/** All programs inside, each once, inner ones before those that hold them. Keeps its own stack. */
export function innerFirst(program: Program): Program[] {
  const order: Program[] = [];
  const done = new Set<Program>();
  const stack: { readonly program: Program; readonly inner: Program[] }[] = [
    { program, inner: innerPrograms(program) },
  ];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const next = top.inner.pop();
    if (next === undefined) {
      stack.pop();
      if (!done.has(top.program)) order.push(top.program);
      done.add(top.program);
    } else if (!done.has(next)) stack.push({ program: next, inner: innerPrograms(next) });
  }
  return order;
}

/** Structures among the parameters of a program and of the programs inside it. */
export function programStructures(program: Program): Structure[] {
  const found: Structure[] = [];
  const pending: Parameter[] = innerFirst(program).flatMap(({ parameters }) =>
    parameters.flatMap((record) => Object.values(record)),
  );
  while (pending.length > 0) {
    const parameter = pending.pop() as Parameter;
    if (typeof parameter !== "object" || parameter === null) continue;
    if (isStructure(parameter)) found.push(parameter);
    else if (isParameterList(parameter)) pending.push(...parameter);
  }
  return found;
}

/** Programs among the parameters of a program, the last first. */
export function innerPrograms(program: Program): Program[] {
  return programsIn(program.parameters);
}

/** Programs among the parameters of equations, the last first. */
export function programsIn(records: readonly Parameters[]): Program[] {
  const found: Program[] = [];
  const pending: Parameter[] = records.flatMap((parameters) =>
    Object.keys(parameters)
      .sort()
      .map((name) => parameters[name]),
  );
  while (pending.length > 0) {
    const parameter = pending.pop() as Parameter;
    if (typeof parameter !== "object" || parameter === null || isStructure(parameter)) continue;
    if (isParameterList(parameter)) pending.push(...parameter);
    else if (isProgram(parameter)) found.push(parameter);
  }
  return found;
}

function encodeNumber(x: number): PlainParameter {
  if (Number.isNaN(x)) return { number: "nan" };
  if (!Number.isFinite(x)) return { number: x > 0 ? "inf" : "-inf" };
  return Object.is(x, -0) ? { number: "-0" } : x;
}

/** The inverse of toPlain. PHX941 when the data is of another version or names what the decoders do not know. */
export function fromPlain(plain: PlainProgram, decoders: ProgramDecoders): Program {
  const { format, version } = plain as { readonly format: string; readonly version: number };
  if (format !== "phx-program" || version !== 1) {
    throw storedProgramError(`it is of format "${format}", version ${version}, and this is version 1`);
  }
  const structures = plain.structures.map(({ kind, bytes, hash }) => {
    const structure = decoders.structure?.(kind, bytes, hash);
    if (structure === undefined)
      throw storedProgramError(`there is no decoder for structures of kind "${kind}"`);
    return structure;
  });
  const programs: Program[] = [];
  const decode = (parameter: PlainParameter): Parameter => {
    if (typeof parameter !== "object" || parameter === null) return parameter;
    if ("list" in parameter) return parameter.list.map(decode);
    if ("program" in parameter) return known(programs[parameter.program], "an inner program");
    if ("structure" in parameter) return known(structures[parameter.structure], "a structure");
    return { nan: Number.NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 }[parameter.number];
  };
  for (const body of plain.programs) programs.push(fromBody(body, decoders, decode));
  return known(programs[programs.length - 1], "the program");
}

function fromBody(
  body: PlainProgramBody,
  decoders: ProgramDecoders,
  decode: (parameter: PlainParameter) => Parameter,
): Program {
  return freezeProgram({
    inputCount: body.inputCount,
    constants: body.constants.map(
      ({ elements, shape, dtype, weak }) => new NdArray(elements, shape, dtype, weak),
    ),
    types: body.types,
    variableTypes: body.variableTypes,
    primitives: body.primitives.map((name) => {
      const primitive = decoders.primitive(name);
      if (primitive === undefined) throw storedProgramError(`there is no primitive "${name}"`);
      return primitive;
    }),
    parameters: body.parameters.map((entries): Parameters =>
      Object.fromEntries(entries.map(([name, value]) => [name, decode(value)])),
    ),
    equationCount: body.primitive.length,
    primitive: body.primitive,
    parameter: body.parameter,
    operandOffsets: body.operandOffsets,
    operands: body.operands,
    firstResult: body.firstResult,
    outputs: body.outputs,
  });
}

function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw storedProgramError(`${what} that it refers to is missing`);
  return found;
}
