// selfTest: what a device must compute rightly before it is used: drivers have simplified error terms away, and more.
import type { Executable, NdArray, Program, Value } from "@phxlang/autodiff";
import { makeProgram, np, PhxError } from "@phxlang/autodiff";
import type { Precision } from "./arithmetic/precision.ts";

/** Relative errors: pairs keep at least 44 bits in each operation, floats 21. */
const tolerances: Readonly<Record<Precision, number>> = { f32: 2 ** -21, f64x: 2 ** -44 };

const first = [1 / 3, Math.PI, 1 + 2 ** -20, 12345.678, -7.1e-5, 1e15 + 1, 0.1, 3.3e-12];
const second = [2 / 7, -Math.E, 1 - 2 ** -19, 9.87e-4, 6.02e3, 1 / 3, 0.2, -4.4e9];

interface Check {
  readonly name: string;
  readonly f: (x: Value, y: Value) => Value;
  readonly expected: (x: number, y: number) => number;
  /** Sums lose to cancellation what their operands are rounded by. */
  readonly isSum?: true;
}

const checks: readonly Check[] = [
  { name: "x + y", f: (x, y) => x.add(y), expected: (x, y) => x + y, isSum: true },
  { name: "x − y", f: (x, y) => x.sub(y), expected: (x, y) => x - y, isSum: true },
  { name: "x y", f: (x, y) => x.mul(y), expected: (x, y) => x * y },
  { name: "x / y", f: (x, y) => x.div(y), expected: (x, y) => x / y },
  { name: "√|x|", f: (x) => x.abs().sqrt(), expected: (x) => Math.sqrt(Math.abs(x)) },
  // What compilers fold that take floats for numbers: to true, to false, to 0.
  {
    name: "(z + 10⁹) − 10⁹ = z, with z = 10⁻¹² x/3,",
    f: (x) => {
      const z = x.mul(1e-12 / 3);
      return np.where(z.add(1e9).sub(1e9).equal(z), 1, 0);
    },
    expected: () => 0,
  },
  { name: "NaN ≠ NaN", f: (x) => np.where(x.mul(NaN).notEqual(x.mul(NaN)), 1, 0), expected: () => 1 },
  { name: "1/0 is infinite", f: (x) => np.where(np.isfinite(x.div(x.mul(0))), 1, 0), expected: () => 0 },
];

type Compile = (program: Program) => Executable;

/** PHX968 where an operation gives other digits than it must. */
export async function selfTest(compile: Compile, precision: Precision): Promise<void> {
  const held = precision === "f32" ? [first.map(Math.fround), second.map(Math.fround)] : [first, second];
  const [x, y] = held.map((values) => np.array(values));
  const program = makeProgram((a: Value, b: Value) => checks.map(({ f }) => f(a, b)))(x, y);
  const results = compile(program).run([x, y] as readonly NdArray[]);
  for (const [c, { name, expected, isSum }] of checks.entries()) {
    const found = await results[c].data();
    for (let i = 0; i < first.length; i++) {
      const wanted = expected(held[0][i], held[1][i]);
      const size = isSum === true ? Math.max(Math.abs(held[0][i]), Math.abs(held[1][i])) : 0;
      const scale = Math.max(Math.abs(wanted), size);
      if (Math.abs(found[i] - wanted) <= tolerances[precision] * scale) continue;
      throw broken(precision, `${name} at x = ${held[0][i]}, y = ${held[1][i]}`, found[i], wanted);
    }
  }
}

function broken(precision: Precision, what: string, found: number, wanted: number): PhxError {
  return new PhxError({
    code: "PHX968",
    what: `the arithmetic of this WebGPU device is wrong at precision ${precision}: ${what} is ${wanted}, and came out as ${found}`,
    why: "its driver simplifies floating-point operations that must be carried out as they are written",
    fix: "update the driver, use the other precision, or the device cpu",
  });
}
