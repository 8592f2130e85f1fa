// Every diagnostic code of the language, with what `phx explain` says about it.
import type { CodeExplanation } from "@phxlang/autodiff";
import { dataCodes } from "./codes/data.ts";
import { graphCodes } from "./codes/graph.ts";
import { kindCodes } from "./codes/kinds.ts";
import { modelCodes } from "./codes/model.ts";
import { nameCodes } from "./codes/names.ts";
import { parameterCodes } from "./codes/parameters.ts";
import { syntaxCodes } from "./codes/syntax.ts";

/** The registry: codes 1xx to 7xx, ascending. Each has a golden file pair under tests/diagnostics. */
export const dslCodes: readonly CodeExplanation[] = [
  ...syntaxCodes,
  ...nameCodes,
  ...kindCodes,
  ...modelCodes,
  ...parameterCodes,
  ...dataCodes,
  ...graphCodes,
];
