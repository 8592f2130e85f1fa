// How every case of vectors/transforms.json is run, by its id.
import { errorCases } from "./errors.ts";
import { functionCases } from "./functions.ts";
import { transformCases } from "./transforms.ts";
import type { VectorCase } from "./vector-case.ts";

export const runners: Readonly<Record<string, VectorCase>> = {
  ...functionCases,
  ...transformCases,
  ...errorCases,
};
