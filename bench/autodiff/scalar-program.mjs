// Long scalar programs: 10⁴ operations compiled and run, with an interpreter of the same program beside them, and
// the growth of tracing, gradient and compilation up to 10⁵ equations.
import { array, evaluateProgram, grad, makeProgram } from "@phxlang/autodiff";
import { cpuDevice } from "@phxlang/runtime";
import { measure, summary } from "./measure.mjs";

/** Additions, products and differences of values that lie up to 50 operations back, all of which count in the sum. */
function chain(operations) {
  return (x) => {
    const values = Array.from({ length: 10 }, (_, i) => x.mul(0.1 * i + 0.05));
    let state = 12345;
    const earlier = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return values[values.length - 1 - (state % Math.min(50, values.length))];
    };
    for (let i = 0; i < operations; i++) {
      const [a, b] = [earlier(), earlier()];
      values.push(i % 3 === 0 ? a.add(b).mul(0.5) : i % 3 === 1 ? a.mul(b) : a.sub(b));
    }
    return values.reduce((sum, value) => sum.add(value));
  };
}

const elapsed = (run) => {
  const start = performance.now();
  const result = run();
  return [performance.now() - start, result];
};

export function scalarProgram() {
  const x = array(0.7);
  const program = makeProgram(chain(4300))(x);
  const inputs = [x];
  const compileTimes = [];
  for (let i = 0; i < 9; i++) compileTimes.push(elapsed(() => cpuDevice.compile(program).run(inputs))[0]);
  const executable = cpuDevice.compile(program);
  const times = measure({
    phx: () => executable.run(inputs)[0].item(),
    interpreter: () => evaluateProgram(program, inputs)[0].item(),
  });
  const rows = [
    {
      name: `scalar program of ${program.equationCount.toLocaleString("en")} equations, one run`,
      target: "≤ 100 µs",
      times,
    },
    {
      name: "the same: compiled and run once",
      target: "≤ 50 ms",
      times: { phx: summary(compileTimes) },
    },
  ];
  for (const operations of [4_300, 43_000]) {
    const [trace, traced] = elapsed(() => makeProgram(chain(operations))(x));
    const [gradient, derivative] = elapsed(() => makeProgram(grad(chain(operations)))(x));
    const [compile] = elapsed(() => cpuDevice.compile(derivative).run(inputs));
    rows.push({
      name:
        `${traced.equationCount.toLocaleString("en")} equations: trace, gradient (${derivative.equationCount.toLocaleString("en")}), ` +
        "compile and run",
      target: "linear",
      times: Object.fromEntries(
        Object.entries({ trace, gradient, compile }).map(([name, time]) => [name, summary([time])]),
      ),
    });
  }
  return rows;
}
