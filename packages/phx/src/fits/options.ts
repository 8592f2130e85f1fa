// Options of the commands that fit: which method, and how much of it.
import { flag, last } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";
import { readWholeNumber } from "../options/numbers.ts";

export const method: OptionDeclaration<string> = {
  flags: "-m, --method <name>",
  description: "how to fit (default: mle)",
  choices: ["mle", "laplace", "pathfinder", "nuts", "svgd"],
  setting: "method",
  read: last,
  absent: "mle",
};

/** Of commands that need draws. */
export const drawingMethod: OptionDeclaration<string> = {
  flags: "-m, --method <name>",
  description: "how to draw from the posterior (default: pathfinder)",
  choices: ["laplace", "pathfinder", "nuts", "svgd"],
  read: last,
  absent: "pathfinder",
};

/** An option that takes a whole number, its default in its description. */
export function count(
  flags: string,
  description: string,
  fallback: number,
  least = 1,
): OptionDeclaration<number> {
  return {
    flags,
    description: `${description} (default: ${fallback})`,
    read: readWholeNumber(least, 10_000_000),
    absent: fallback,
  };
}

export const chains: OptionDeclaration<number> = count("--chains <number>", "nuts: independent chains", 4);
export const warmup: OptionDeclaration<number> = count(
  "--warmup <number>",
  "nuts: iterations of each chain before its draws",
  1000,
);
export const draws: OptionDeclaration<number> = count(
  "--draws <number>",
  "nuts: draws of each chain; laplace and pathfinder: draws",
  1000,
);
export const paths: OptionDeclaration<number> = count(
  "--paths <number>",
  "pathfinder: paths of the optimizer",
  4,
);
export const starts: OptionDeclaration<number> = count(
  "--starts <number>",
  "mle: random starts besides the values of the file",
  8,
  0,
);
export const particles: OptionDeclaration<number> = count("--particles <number>", "svgd: particles", 100);
export const iterations: OptionDeclaration<number> = count("--iterations <number>", "svgd: iterations", 300);

export const checkpointPath: OptionDeclaration<string | undefined> = {
  flags: "--checkpoint <file>",
  description: "nuts, svgd: write the state of the work to this file every minute, and when interrupted",
  read: last,
  absent: undefined,
};

export const resumes: OptionDeclaration<boolean> = flag(
  "--resume",
  "go on from the file of --checkpoint, to the same numbers as without the interruption",
);
