// Maximum likelihood by Newton's method: exact gradients and Hessians of a likelihood with censored data.
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { grad, hessian, load, loadData, np } from "phxlang";
import type { Value } from "phxlang";
import { exampleFile } from "./example-file.ts";

export interface Estimate {
  readonly leave: number;
  readonly effect: number;
  /** Of log(leave) and of effect, from the inverse of the observed information. */
  readonly standardErrors: readonly number[];
  readonly logLikelihood: number;
  readonly iterations: number;
}

/**
 * Estimates two parameters of remission.phx; `slow` keeps its default. Rates are searched for on the logarithmic
 * scale, where every step is allowed.
 */
export async function estimate(): Promise<Estimate> {
  const model = await load(exampleFile("remission.phx"));
  const data = await loadData(model);
  const logLikelihood = (x: Value): Value => {
    const [logLeave, effect] = np.split(x, 2);
    return model.logLikelihood(np.concatenate([[0.1], np.exp(logLeave), effect]), data);
  };
  const slope = grad(logLikelihood);
  const curvature = hessian(logLikelihood);
  let x: Value = np.array([-2, 1]);
  for (let iterations = 1; ; iterations++) {
    const information = curvature(x).neg();
    const step = np.linalg.solve(information, slope(x));
    x = x.add(step);
    if (np.max(np.abs(step)).item() > 1e-12) continue;
    const [logLeave, effect] = x.js() as number[];
    return {
      leave: Math.exp(logLeave),
      effect,
      standardErrors: np.sqrt(np.diag(np.linalg.inv(information))).js() as number[],
      logLikelihood: logLikelihood(x).item(),
      iterations,
    };
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) console.log(await estimate());
