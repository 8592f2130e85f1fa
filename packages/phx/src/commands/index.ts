// All commands, in the order of the help.
import type { CommandDefinition } from "../command.ts";
import { absorb } from "./absorb.ts";
import { cache } from "./cache.ts";
import { calibrate } from "./calibrate.ts";
import { cdf } from "./cdf.ts";
import { check } from "./check.ts";
import { diagnose } from "./diagnose.ts";
import { doctor } from "./doctor.ts";
import { explain } from "./explain.ts";
import { fit } from "./fit.ts";
import { fmt } from "./fmt.ts";
import { gather } from "./gather.ts";
import { graph } from "./graph.ts";
import { hazard } from "./hazard.ts";
import { info } from "./info.ts";
import { loglik } from "./loglik.ts";
import { moments } from "./moments.ts";
import { pdf } from "./pdf.ts";
import { plot } from "./plot.ts";
import { pmf } from "./pmf.ts";
import { predict } from "./predict.ts";
import { quantile } from "./quantile.ts";
import { sample } from "./sample.ts";
import { states } from "./states.ts";
import { survival } from "./survival.ts";
import { sweep } from "./sweep.ts";
import { template } from "./template.ts";
import { test } from "./test.ts";
import { trace } from "./trace.ts";

export const commands: readonly CommandDefinition[] = [
  check,
  fmt,
  info,
  graph,
  moments,
  pdf,
  pmf,
  cdf,
  survival,
  hazard,
  quantile,
  sample,
  states,
  absorb,
  loglik,
  fit,
  predict,
  calibrate,
  diagnose,
  plot,
  sweep,
  gather,
  template,
  test,
  trace,
  cache,
  doctor,
  explain,
];
