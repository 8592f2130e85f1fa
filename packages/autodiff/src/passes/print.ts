// The printed form of programs; it is part of the contract (docs/programs.md).
import { typeText } from "../array.ts";
import type { NdArray } from "../ndarray.ts";
import { isParameterList, isProgram, isStructure } from "../parameters-key.ts";
import type { Parameter, Parameters } from "../primitive.ts";
import type { Program } from "../program.ts";

/**
 * One line per input list, constant and equation:
 *
 *     program(v0: f64[3], v1: f64[]) {
 *       v2: f64[] = constant 0.5
 *       v3: f64[3] = mul v0 v0
 *       v4: f64[] = reduce_sum[axes=[0]] v3
 *       return v4
 *     }
 *
 * Variables are numbered as in the Program. Parameters come in alphabetical order; sub-programs are printed
 * below the equation that holds them, indented, one parameter a line.
 */
export function printProgram(program: Program): string {
  const lines: string[] = [];
  // Programs nest only as deep as users nest loops; still, the walk keeps its own stack.
  const stack: Frame[] = [{ program, indent: "", head: "program", equation: -1, pending: [] }];
  while (stack.length > 0) {
    const frame = stack[stack.length - 1];
    if (frame.pending.length > 0) {
      const [name, inner] = frame.pending.shift() as [string, Program];
      stack.push({
        program: inner,
        indent: `${frame.indent}    `,
        head: `${name} = program`,
        equation: -1,
        pending: [],
      });
    } else if (frame.equation < 0) {
      openProgram(frame, lines);
      frame.equation = 0;
    } else if (frame.equation < frame.program.equationCount) {
      const { text, programs } = equationText(frame.program, frame.equation);
      lines.push(`${frame.indent}  ${text}`);
      frame.pending.push(...programs);
      frame.equation += 1;
    } else {
      const outputs = Array.from(frame.program.outputs, (v) => ` v${v}`).join("");
      lines.push(`${frame.indent}  return${outputs}`, `${frame.indent}}`);
      stack.pop();
    }
  }
  return lines.join("\n");
}

interface Frame {
  readonly program: Program;
  readonly indent: string;
  readonly head: string;
  equation: number;
  readonly pending: [string, Program][];
}

function variableText(program: Program, variable: number): string {
  return `v${variable}: ${typeText(program.types[program.variableTypes[variable]])}`;
}

function openProgram(frame: Frame, lines: string[]): void {
  const { program, indent, head } = frame;
  const inputs = Array.from({ length: program.inputCount }, (_, v) => variableText(program, v));
  lines.push(`${indent}${head}(${inputs.join(", ")}) {`);
  program.constants.forEach((constant, i) => {
    const variable = program.inputCount + i;
    lines.push(`${indent}  ${variableText(program, variable)} = constant ${constantText(constant)}`);
  });
}

/** Up to eight elements in full; above that the first three, how many there are, and no more. */
function constantText(constant: NdArray): string {
  if (constant.buffer !== null && constant.buffer.downloadSync === undefined) return "(on a device)";
  const elements = constant.elements;
  const show = (count: number): string => Array.from(elements.slice(0, count), numberText).join(" ");
  if (constant.ndim === 0) return show(1);
  return elements.length <= 8 ? `[${show(8)}]` : `[${show(3)} … ${elements.length} elements]`;
}

function numberText(x: number): string {
  return Object.is(x, -0) ? "-0" : String(x);
}

function equationText(
  program: Program,
  equation: number,
): { readonly text: string; readonly programs: [string, Program][] } {
  const results: string[] = [];
  for (let v = program.firstResult[equation]; v < program.firstResult[equation + 1]; v++) {
    results.push(variableText(program, v));
  }
  let operands = "";
  for (let o = program.operandOffsets[equation]; o < program.operandOffsets[equation + 1]; o++) {
    operands += ` v${program.operands[o]}`;
  }
  const { text, programs } = parametersText(program.parameters[program.parameter[equation]]);
  const name = program.primitives[program.primitive[equation]].name;
  return { text: `${results.join(", ")} = ${name}${text}${operands}`, programs };
}

function parametersText(parameters: Parameters): {
  readonly text: string;
  readonly programs: [string, Program][];
} {
  const shown: string[] = [];
  const programs: [string, Program][] = [];
  for (const name of Object.keys(parameters).sort()) {
    shown.push(`${name}=${parameterText(name, parameters[name], programs)}`);
  }
  return { text: shown.length === 0 ? "" : `[${shown.join(" ")}]`, programs };
}

/** Lists of parameters nest as deep as their maker wrote them: two or three levels. */
function parameterText(name: string, parameter: Parameter, programs: [string, Program][]): string {
  if (parameter === null || typeof parameter === "boolean") return String(parameter);
  if (typeof parameter === "number") return numberText(parameter);
  if (typeof parameter === "string") return parameter;
  if (isParameterList(parameter)) {
    return `[${parameter.map((item, i) => parameterText(`${name}.${i}`, item, programs)).join(",")}]`;
  }
  if (isStructure(parameter)) return `<${parameter.structureKind} ${parameter.contentHash.slice(0, 12)}>`;
  if (isProgram(parameter)) {
    programs.push([name, parameter]);
    return "{…}";
  }
  return "?";
}
