// Loops and branches in compiled programs give what the reference gives.
import type { ArrayType, Parameters, Primitive, Program } from "@phxlang/autodiff";
import { condPrimitive, NdArray, scanPrimitive, whilePrimitive } from "@phxlang/autodiff";
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { compileProgram } from "../../src/jit/compile.ts";
import { loweringOf } from "../../src/jit/table/index.ts";
import { expectSame, filledArray, Grower, reference } from "./random-programs.ts";

/** A program of one equation over the primitive, whose operands are the inputs. */
function single(primitive: Primitive, operands: readonly NdArray[], parameters: Parameters): Program {
  const grower = new Grower();
  const inputs = operands.map((operand) => grower.input(operand));
  const types: readonly ArrayType[] = primitive.type(
    operands.map(({ type }) => type),
    parameters,
  );
  const first = grower.builder.equation(primitive, inputs, parameters, types);
  return grower.finish(types.map((_, i) => first + i));
}

function expectReference(program: Program, inputs: readonly NdArray[]): void {
  expectSame(compileProgram(program, loweringOf)(inputs), reference(program, inputs));
}

/** Body of a scan: carry ← carry · w + slice, and their sum over all entries; two results a turn. */
function scanBody(shape: readonly number[]): Program {
  const grower = new Grower();
  const carry = grower.input(filledArray("f64", shape, 1));
  const count = grower.input(filledArray("i32", [], 1));
  const slice = grower.input(filledArray("f64", shape, 2));
  const weight = grower.input(filledArray("f64", [], 3));
  const next = grower.apply("add", [grower.apply("mul", [carry, weight]), slice]);
  const one = grower.constant(new NdArray(Int32Array.of(1), [], "i32"));
  const counted = grower.apply("add", [count, one]);
  const total = grower.apply("reduceSum", [next], { axes: shape.map((_, axis) => axis) });
  return grower.finish([next, counted, total, slice]);
}

test.prop([
  fc.constantFrom<readonly number[]>([], [3], [8], [2, 5]),
  fc.integer({ min: 0, max: 9 }),
  fc.boolean(),
])("scan carries, slices, stacks and closes over constants", (shape, length, reverse) => {
  const operands = [
    filledArray("f64", shape, 11),
    filledArray("i32", [], 12),
    filledArray("f64", [length, ...shape], 13),
    new NdArray(Float64Array.of(0.75), [], "f64"),
  ];
  const parameters = {
    program: scanBody(shape),
    carryCount: 2,
    sliceCount: 1,
    length,
    reverse,
    checkpoint: true,
  };
  expectReference(single(scanPrimitive, operands, parameters), operands);
});

test("a scan in a scan", () => {
  const inner = scanBody([4]);
  const grower = new Grower();
  const carry = grower.input(filledArray("f64", [4], 1));
  const rows = grower.input(filledArray("f64", [5, 4], 2));
  const weight = grower.constant(new NdArray(Float64Array.of(0.5), [], "f64"));
  const zero = grower.constant(new NdArray(Int32Array.of(0), [], "i32"));
  const parameters = {
    program: inner,
    carryCount: 2,
    sliceCount: 1,
    length: 5,
    reverse: false,
    checkpoint: true,
  };
  const scan = scanPrimitive as unknown as Primitive;
  const types = scan.type(
    [carry, zero, rows, weight].map((v) => grower.types[v]),
    parameters,
  );
  const first = grower.builder.equation(scan, [carry, zero, rows, weight], parameters, types);
  const outer = grower.finish([first, first + 2]);
  const operands = [filledArray("f64", [4], 21), filledArray("f64", [3, 5, 4], 22)];
  expectReference(
    single(scan, operands, {
      program: outer,
      carryCount: 1,
      sliceCount: 1,
      length: 3,
      reverse: false,
      checkpoint: true,
    }),
    operands,
  );
});

test.prop([fc.integer({ min: 0, max: 40 })])("while stops when its condition fails", (limit) => {
  const condition = new Grower();
  const n = condition.input(filledArray("i32", [], 1));
  condition.input(filledArray("f64", [3], 1));
  const bound = condition.input(filledArray("i32", [], 1));
  const conditionProgram = condition.finish([condition.apply("less", [n, bound])]);
  const body = new Grower();
  const m = body.input(filledArray("i32", [], 1));
  const x = body.input(filledArray("f64", [3], 1));
  const step = body.input(filledArray("f64", [3], 1));
  const next = body.apply("add", [m, body.constant(new NdArray(Int32Array.of(3), [], "i32"))]);
  const bodyProgram = body.finish([next, body.apply("mul", [x, step])]);
  const operands = [
    new NdArray(Int32Array.of(0), [], "i32"),
    filledArray("f64", [3], 31),
    new NdArray(Int32Array.of(limit), [], "i32"),
    new NdArray(Float64Array.of(1.5, 0.5, -1), [3], "f64"),
  ];
  const parameters = { condition: conditionProgram, body: bodyProgram, conditionConstants: 1 };
  expectReference(single(whilePrimitive, operands, parameters), operands);
});

test.prop([fc.integer({ min: -3, max: 5 })])("cond runs one branch, with the number clamped", (index) => {
  const branches = ["exp", "neg", "sqrt"].map((name) => {
    const grower = new Grower();
    const x = grower.input(filledArray("f64", [5], 1));
    return grower.finish([grower.apply(name, [x]), x]);
  });
  const operands = [new NdArray(Int32Array.of(index), [], "i32"), filledArray("f64", [5], 41)];
  expectReference(single(condPrimitive, operands, { branches }), operands);
});

test("an unknown primitive is refused by name, also inside a loop", () => {
  const mystery: Primitive = {
    name: "mystery",
    documentation: "nothing that this device knows",
    type: ([x]) => [x],
    evaluate: (operands) => operands,
    jvp: (primals, tangents) => ({ primals, tangents }),
    batch: (results, axes) => ({ results, axes }),
  };
  const x = filledArray("f64", [2], 1);
  const program = single(mystery, [x], {});
  expect(() => compileProgram(program, loweringOf)).toThrow(/PHX972.*equation 0: mystery of f64\[2\]/s);
  const loop = { program, carryCount: 1, sliceCount: 0, length: 2, reverse: false, checkpoint: true };
  const scanned = single(scanPrimitive, [x], loop);
  expect(() => compileProgram(scanned, loweringOf)).toThrow(/PHX972.*mystery/s);
});
