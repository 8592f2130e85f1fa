// Every diagnostic code of the language, with what `phx explain` says about it.
import type { CodeExplanation } from "@phxlang/autodiff";
import { syntaxCodes } from "./codes/syntax.ts";

/** The registry: codes 1xx to 8xx, ascending. Each has a golden file pair under tests/diagnostics. */
export const dslCodes: readonly CodeExplanation[] = [...syntaxCodes];
