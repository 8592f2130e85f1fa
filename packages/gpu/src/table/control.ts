// Loops and branches.
import type { CondParameters, Parameters, ScanParameters, WhileParameters } from "@phxlang/autodiff";
import type { CondLowering, ScanLowering, WhileLowering } from "../program/lowering.ts";

export const controlTable: Readonly<Record<string, ScanLowering | WhileLowering | CondLowering>> = {
  scan: {
    kind: "scan",
    read: (parameters: Parameters) => {
      const { program, ...rest } = parameters as ScanParameters;
      return { body: program, ...rest };
    },
  },
  while: { kind: "while", read: (parameters: Parameters) => parameters as WhileParameters },
  cond: { kind: "cond", read: (parameters: Parameters) => parameters as CondParameters },
};
