// The primitives of models that the WebGPU device has: those of densities and probabilities in continuous time.
import type { Lowering } from "../program/lowering.ts";
import { checkedKernel } from "./checked.ts";
import { actionProgram, energyProgram, forgettingProgram, propagationProgram } from "./programs.ts";
import { requireKernel } from "./require.ts";

export const phaseTypeTable: Readonly<Record<string, Lowering>> = {
  checked: checkedKernel,
  gpu_require: requireKernel,
  exponential_action: { kind: "program", program: actionProgram },
  propagation: { kind: "program", program: propagationProgram },
  forgetting_time: { kind: "program", program: forgettingProgram },
  exponential_gradient: { kind: "program", program: energyProgram },
  exponential_second: { kind: "program", program: energyProgram },
};
