// sum(log(exp(−x)·x + 1e-10)) on 10⁶ doubles, and its gradient.
import { array, grad } from "@phxlang/autodiff";
import { jit } from "@phxlang/runtime";
import { largestDifference, measure } from "./measure.mjs";

const size = 1_000_000;

export function elementwise(peer) {
  const numbers = Float64Array.from({ length: size }, (_, i) => 0.01 + (5 * ((i * 7919) % size)) / size);
  const x = array(numbers);
  const f = (v) => v.neg().exp().mul(v).add(1e-10).log().sum();
  const forward = jit(f);
  const gradient = jit(grad(f));
  const loopForward = () => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += Math.log(Math.exp(-numbers[i]) * numbers[i] + 1e-10);
    return sum;
  };
  const loopGradient = () => {
    const out = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      const v = numbers[i];
      const e = Math.exp(-v);
      const d = 1 / (e * v + 1e-10);
      out[i] = e * d - d * v * e;
    }
    return out;
  };
  const contestants = {
    forward: { phx: () => forward(x).item(), loop: loopForward },
    gradient: { phx: () => gradient(x).elements, loop: loopGradient },
  };
  if (peer !== null) {
    const { jax, np } = peer;
    const jf = (v) => np.log(np.exp(np.negative(v.ref)).mul(v).add(1e-10)).sum();
    const peerForward = jax.jit(jf);
    const peerGradient = jax.jit(jax.grad(jf));
    const px = np.array(numbers, { dtype: np.float64 });
    contestants.forward["jax-js"] = () => peerForward(px.ref).dataSync()[0];
    contestants.gradient["jax-js"] = () => peerGradient(px.ref).dataSync();
  }
  const wanted = loopGradient();
  return [
    {
      name: "sum(log(exp(−x)·x + 1e-10)), 10⁶, forward",
      target: "≥ 2× faster than both",
      times: measure(contestants.forward),
      errors: errorsOf(
        contestants.forward,
        (value) => Math.abs(value - loopForward()) / Math.abs(loopForward()),
      ),
    },
    {
      name: "the same, gradient",
      target: "≥ 1.3× faster than both",
      times: measure(contestants.gradient),
      errors: errorsOf(contestants.gradient, (value) => largestDifference(value, wanted)),
    },
  ];
}

function errorsOf(contestants, error) {
  return Object.fromEntries(Object.entries(contestants).map(([name, run]) => [name, error(run())]));
}
