// The error type says what, why and how to repair, in that order.
import { expect, test } from "vitest";
import { PhxError } from "../src/errors.ts";

test("a PhxError tells what happened, why, and what to do", () => {
  const error = new PhxError({
    code: "PHX901",
    what: "theta has 2 values",
    why: "the model has 3",
    fix: "give 3",
  });
  expect(error.code).toBe("PHX901");
  expect(error.message).toBe("PHX901: theta has 2 values\n  because: the model has 3\n  to repair: give 3");
  expect(error.diagnostics).toHaveLength(1);
});
