// Keys of static parameters: equal keys, and only they, mean equal parameters.
import type { Parameter, Parameters, Structure } from "./primitive.ts";
import type { Program } from "./program.ts";

const programNumbers = new WeakMap<Program, number>();
let programCount = 0;

/**
 * A text that is the same for equal parameter records. Sub-programs count as equal when they are the same
 * object, structures when kind and content hash agree.
 */
export function parametersKey(parameters: Parameters): string {
  const names = Object.keys(parameters).sort();
  let key = "";
  for (const name of names) key += `${name}=${parameterKey(parameters[name])};`;
  return key;
}

function parameterKey(parameter: Parameter): string {
  if (parameter === null) return "null";
  if (typeof parameter === "number") return Object.is(parameter, -0) ? "-0" : String(parameter);
  if (typeof parameter !== "object") return JSON.stringify(parameter);
  if (isParameterList(parameter)) return `[${parameter.map(parameterKey).join(",")}]`;
  if (isStructure(parameter)) return `<${parameter.structureKind} ${parameter.contentHash}>`;
  return `{${programNumber(parameter)}}`;
}

export function isParameterList(parameter: Parameter): parameter is readonly Parameter[] {
  return Array.isArray(parameter);
}

export function isStructure(parameter: Parameter): parameter is Structure {
  return typeof parameter === "object" && parameter !== null && "structureKind" in parameter;
}

export function isProgram(parameter: Parameter): parameter is Program {
  return typeof parameter === "object" && parameter !== null && "equationCount" in parameter;
}

function programNumber(program: Program): number {
  let number = programNumbers.get(program);
  if (number === undefined) {
    number = programCount++;
    programNumbers.set(program, number);
  }
  return number;
}
