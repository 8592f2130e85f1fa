// Every code that phx can show, from all packages, ascending.
import { engineCodes, primitiveCodes } from "@phxlang/autodiff";
import type { CodeExplanation } from "@phxlang/autodiff";
import { dslCodes } from "@phxlang/dsl";
import { gpuCodes } from "@phxlang/gpu";
import { graphCodes } from "@phxlang/graph";
import { inferenceCodes } from "@phxlang/inference";
import { cacheCodes, runtimeCodes } from "@phxlang/runtime";
import { testingCodes } from "@phxlang/testing";
import { commandCodes, facadeCodes } from "./codes.ts";
import { sweepCodes } from "./sweep/codes.ts";

export const allCodes: readonly CodeExplanation[] = [
  engineCodes,
  primitiveCodes,
  dslCodes,
  graphCodes,
  cacheCodes,
  runtimeCodes,
  gpuCodes,
  inferenceCodes,
  testingCodes,
  facadeCodes,
  sweepCodes,
  commandCodes,
]
  .flat()
  .sort((left, right) => left.code.localeCompare(right.code));
