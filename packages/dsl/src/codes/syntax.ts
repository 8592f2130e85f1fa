import type { CodeExplanation } from "@phxlang/autodiff";
export const syntaxCodes: readonly CodeExplanation[] = [];
