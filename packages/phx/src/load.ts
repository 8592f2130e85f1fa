// load and loadData where there are no files: addresses are fetched.
import { PhxError } from "@phxlang/autodiff";
import type { Observations } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import { bindData, compile, dataReferences } from "./compile.ts";
import type { CompileOptions } from "./compile.ts";
import { readTable } from "./data/table.ts";

/** The model at an address, relative to the page. A model that `use`s other files needs `readFile`. */
export async function load(address: string, options: CompileOptions = {}): Promise<Model> {
  return compile(await fetchText(address), { source: address, ...options });
}

/** The data that a model names, fetched relative to the model; `addresses` overrides them by name. */
export async function loadData(
  model: Model,
  addresses: Readonly<Record<string, string>> = {},
): Promise<readonly Observations[]> {
  const bound = await Promise.all(
    dataReferences(model).map(async ({ name, path, source }) => {
      const address = addresses[name] ?? new URL(path, new URL(source, document.baseURI)).href;
      return bindData(model, name, readTable(await fetchText(address), address)).observations;
    }),
  );
  return bound.flat();
}

/** The address against which a page resolves relative ones. */
declare const document: { readonly baseURI: string };

async function fetchText(address: string): Promise<string> {
  const response = await fetch(address);
  if (response.ok) return response.text();
  throw new PhxError({
    code: "PHX996",
    what: `cannot read "${address}"`,
    why: `the server answered ${response.status} ${response.statusText}`,
    fix: "check the address",
  });
}
