// vmap(grad) of a logistic regression's loss: 1,000 particles × 500 data × 20 dimensions, doubles.
import { array, grad, np, vmap } from "@phxlang/autodiff";
import { jit } from "@phxlang/runtime";
import { largestDifference, measure } from "./measure.mjs";

const [particles, count, dimensions] = [1000, 500, 20];

export function logistic(peer) {
  const data = Float64Array.from({ length: count * dimensions }, (_, i) => Math.sin(i * 0.7) * 0.5);
  const labels = Float64Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const start = Float64Array.from({ length: particles * dimensions }, (_, i) => Math.cos(i * 1.3) * 0.3);
  const x = array(data).reshape([count, dimensions]);
  const y = array(labels);
  const thetas = array(start).reshape([particles, dimensions]);
  const loss = (theta) => {
    const z = np.matmul(x, theta);
    return z.exp().add(1).log().sub(z.mul(y)).sum();
  };
  const step = jit(vmap(grad(loss)));
  const contestants = {
    phx: () => step(thetas).elements,
    loop: () => loopGradients(data, labels, start),
  };
  if (peer !== null) {
    const { jax, np: jnp } = peer;
    const px = jnp.array(data, { dtype: jnp.float64 }).reshape([count, dimensions]);
    const py = jnp.array(labels, { dtype: jnp.float64 });
    const pt = jnp.array(start, { dtype: jnp.float64 }).reshape([particles, dimensions]);
    const peerLoss = (theta, a, b) => {
      const z = jnp.matmul(a, theta);
      return jnp.log(jnp.exp(z.ref).add(1)).sub(z.mul(b)).sum();
    };
    const peerStep = jax.jit(jax.vmap(jax.grad(peerLoss), [0, null, null]));
    contestants["jax-js"] = () => peerStep(pt.ref, px.ref, py.ref).dataSync();
  }
  const wanted = loopGradients(data, labels, start);
  return [
    {
      name: "vmap(grad(logistic loss)), 1,000 × 500 × 20",
      target: "≥ 3× faster than jax-js",
      times: measure(contestants),
      errors: Object.fromEntries(
        Object.entries(contestants).map(([name, run]) => [name, largestDifference(run(), wanted)]),
      ),
    },
  ];
}

function loopGradients(data, labels, thetas) {
  const out = new Float64Array(particles * dimensions);
  for (let p = 0; p < particles; p++) {
    const at = p * dimensions;
    for (let i = 0; i < count; i++) {
      const row = i * dimensions;
      let z = 0;
      for (let d = 0; d < dimensions; d++) z += data[row + d] * thetas[at + d];
      const e = Math.exp(z);
      const residual = e / (e + 1) - labels[i];
      for (let d = 0; d < dimensions; d++) out[at + d] += residual * data[row + d];
    }
  }
  return out;
}
