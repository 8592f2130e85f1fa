// Primitives that run as their own evaluate, on arrays that are copied out of the kernels' memory and back.
import type { Library } from "../lowering.ts";

const library: Library = { kind: "library" };

const names = [
  // Sorting and order: dominated by the comparison, not by the copy.
  "argSort",
  "argMax",
  "argMin",
] as const;

export const libraryTable: Readonly<Record<string, Library>> = Object.fromEntries(
  names.map((name) => [name, library]),
);
