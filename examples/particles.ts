// Thousands of parameter values at once: the gradient of a log-density, vectorised and compiled.
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { grad, jit, load, np, random, vmap } from "phxlang";
import type { Value } from "phxlang";
import { exampleFile } from "./example-file.ts";

/** Gradients [count, 1] of Σ log f(t; rate) at `count` random rates, as SVGD needs them in every step. */
export async function gradients(
  count: number,
): Promise<{ readonly rates: Value; readonly gradients: Value }> {
  const model = await load(exampleFile("kingman.phx"), { constants: { n: 20 } });
  const times = np.array([0.8, 1.1, 1.7, 2.4]);
  const logDensity = (theta: Value): Value => model.logPdf(theta, times).sum();
  const step = jit(vmap(grad(logDensity)));
  const rates = np.exp(random.normal(random.key(1), [count, 1]));
  return { rates, gradients: step(rates) };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const found = await gradients(1000);
  console.log(`mean gradient over ${found.rates.shape[0]} particles: ${found.gradients.mean().item()}`);
}
