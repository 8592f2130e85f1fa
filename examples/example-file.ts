// Where the models of this folder are, seen from the sources and from the build alike.
import { fileURLToPath } from "node:url";

export function exampleFile(name: string): string {
  const isBuilt = import.meta.url.includes("/examples/dist/");
  return fileURLToPath(new URL(isBuilt ? `../${name}` : name, import.meta.url));
}
