// emitPlan: a plan as WebAssembly functions of one parameter, the address of the plan's frame.
import { internalError } from "@phxlang/autodiff";
import type { ModuleBuilder } from "../wasm/index.ts";
import { emitCond, emitScan, emitWhile } from "./emit-control.ts";
import type { ModuleContext, PlanFunction } from "./emit-context.ts";
import { EmitContext } from "./emit-context.ts";
import { emitKernel, emitLibrary } from "./emit-kernel.ts";
import { emitLoop } from "./emit-loop.ts";
import type { Plan, Step } from "./plan.ts";

/** Functions longer than this are continued in the next one: engines compile short functions in linear time. */
const functionBytes = 24_000;

/** Defines the functions of a plan; the one that runs it. Plans inside it have theirs. */
export function emitPlan(module: ModuleBuilder, context: ModuleContext, plan: Plan): PlanFunction {
  const parts: PlanFunction[] = [];
  let next = 0;
  do {
    const first = next;
    parts.push(
      module.function(["i32"], "none", (f, frame) => {
        const emit = new EmitContext(f, frame, context);
        while (next < plan.steps.length && f.byteLength < functionBytes) {
          emitStep(module, emit, plan.steps[next], next);
          next++;
        }
        if (next === first && next < plan.steps.length) throw internalError("a function holds no step");
      }),
    );
  } while (next < plan.steps.length);
  if (parts.length === 1) return parts[0];
  return module.function(["i32"], "none", (f, frame) => {
    for (const part of parts) f.run(part, frame);
  });
}

function emitStep(module: ModuleBuilder, context: EmitContext, step: Step, index: number): void {
  const plans = (plan: Plan): PlanFunction => emitPlan(module, context.module, plan);
  switch (step.kind) {
    case "loop":
      emitLoop(context, step, index);
      return;
    case "kernel":
      emitKernel(context, module, step);
      return;
    case "library":
      emitLibrary(context, module, step);
      return;
    case "scan":
      emitScan(context, step, plans(step.body));
      return;
    case "while":
      emitWhile(context, step, plans(step.condition), plans(step.body));
      return;
    case "cond":
      emitCond(context, step, step.branches.map(plans));
  }
}
