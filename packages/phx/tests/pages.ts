// The pages that readers of the repository follow.
import { readdirSync } from "node:fs";
import { root } from "./run-phx.ts";

/** Paths from the root: the two pages there, and every page in docs, whatever its folder. */
export const pages: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name.replaceAll("\\", "/")}`)
    .toSorted(),
];
