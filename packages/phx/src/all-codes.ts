// Every code that phx can show, from all packages, ascending.
import { autodiffCodes } from "@phxlang/autodiff";
import type { CodeExplanation } from "@phxlang/autodiff";
import { dslCodes } from "@phxlang/dsl";
import { graphCodes } from "@phxlang/graph";
import { runtimeCodes } from "@phxlang/runtime";
import { commandCodes } from "./codes.ts";

export const allCodes: readonly CodeExplanation[] = [autodiffCodes, graphCodes, dslCodes, runtimeCodes, commandCodes]
  .flat()
  .sort((left, right) => left.code.localeCompare(right.code));
