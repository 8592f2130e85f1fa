// The product of two 512 × 512 matrices, f64 and f32.
import { array, np } from "@phxlang/autodiff";
import { jit } from "@phxlang/runtime";
import { measure } from "./measure.mjs";

const n = 512;

export function matmul(peer) {
  const left = Float64Array.from({ length: n * n }, (_, i) => Math.sin(i));
  const right = Float64Array.from({ length: n * n }, (_, i) => Math.cos(i));
  const product = jit((a, b) => np.matmul(a, b));
  const contestants = {};
  for (const dtype of ["f64", "f32"]) {
    const a = array(left, dtype).reshape([n, n]);
    const b = array(right, dtype).reshape([n, n]);
    contestants[`phx ${dtype}`] = () => product(a, b).elements;
  }
  contestants["loop f64"] = () => loopProduct(left, right);
  if (peer !== null) {
    const { jax, np: jnp } = peer;
    const peerProduct = jax.jit((a, b) => jnp.matmul(a, b));
    for (const dtype of ["f64", "f32"]) {
      const type = { dtype: dtype === "f64" ? jnp.float64 : jnp.float32 };
      const numbers = (values) => (dtype === "f64" ? values : Float32Array.from(values));
      const a = jnp.array(numbers(left), type).reshape([n, n]);
      const b = jnp.array(numbers(right), type).reshape([n, n]);
      contestants[`jax-js ${dtype}`] = () => peerProduct(a.ref, b.ref).dataSync();
    }
  }
  const times = measure(contestants, { rounds: 9, warmUp: 3, milliseconds: 30 });
  const row = (dtype, target) => ({
    name: `matmul 512 × 512, ${dtype}`,
    target,
    times: { phx: times[`phx ${dtype}`], loop: times["loop f64"], "jax-js": times[`jax-js ${dtype}`] },
  });
  return [row("f64", "≥ 4× faster than jax-js in f64"), row("f32", "within 2.5× of jax-js in f32")];
}

function loopProduct(a, b) {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k];
      for (let j = 0; j < n; j++) out[i * n + j] += factor * b[k * n + j];
    }
  }
  return out;
}
