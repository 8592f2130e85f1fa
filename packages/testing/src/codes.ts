// The code of a broken law. `phx explain` prints it.
import type { CodeExplanation } from "@phxlang/autodiff";

export const testingCodes: readonly CodeExplanation[] = [
  {
    code: "PHX989",
    severity: "error",
    title: "a law is broken",
    explanation:
      "`phx test` and the laws of @phxlang/testing evaluate a model at random parameters and times, and compare what must " +
      "agree: densities with derivatives of distribution functions, gradients with differences, draws with " +
      "probabilities. Two numbers that must agree do not, or the model refused a value inside its bounds.",
    example: "phx test model.phx",
    repair:
      "Look at the smallest input that the message shows. Either the model is refused there and its bounds are too wide, or " +
      "a function of your own has a wrong derivative, or phx has a defect: please report it with that input.",
  },
];
