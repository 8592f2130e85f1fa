// load and loadData on Node: from the disk.
import type { Observations } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import { bindData, compile, dataReferences } from "./compile.ts";
import type { CompileOptions } from "./compile.ts";
import { readTable } from "./data/table.ts";
import { pathBeside, readTextFile, readUsedFile, unreadableFile } from "./files.node.ts";

/** The model in a file. Files that it `use`s are read relative to it. */
export async function load(path: string, options: CompileOptions = {}): Promise<Model> {
  return compile(readText(path), { source: path, readFile: readUsedFile, ...options });
}

/** The data that a model names, read relative to the model; `paths` overrides them by name. */
export async function loadData(
  model: Model,
  paths: Readonly<Record<string, string>> = {},
): Promise<readonly Observations[]> {
  return dataReferences(model).flatMap(({ name, path, source }) => {
    const found = paths[name] ?? pathBeside(source, path);
    return bindData(model, name, readTable(readText(found), found)).observations;
  });
}

function readText(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    throw unreadableFile(path, error);
  }
}
