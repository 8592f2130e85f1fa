// The data of a model, from the files that it names or that --data names.
import { PhxError } from "@phxlang/autodiff";
import type { Observations } from "@phxlang/graph";
import type { Model } from "@phxlang/runtime";
import type { Invocation } from "./command.ts";
import { bindData, dataReferences, unreadableSet } from "./compile.ts";
import type { DataReference } from "./compile.ts";
import { readTable } from "./data/table.ts";
import type { DataTable } from "./data/table.ts";
import { reportDiagnostics } from "./errors.ts";
import * as common from "./options/common.ts";
import { unknownName } from "./unknown-name.ts";
import type { Session } from "./session.ts";

/** The data of the model; what is strange about them is said on standard error. */
export async function readObservations(
  session: Session,
  invocation: Invocation,
): Promise<readonly Observations[]> {
  const references = dataReferences(session.model);
  if (references.length === 0) {
    throw new PhxError({
      code: "PHX601",
      what: `${session.model.name} names no data`,
      why: "a model says with `data` where its data are and with `observe` what a row means",
      fix: 'add `data rows from "file.csv"` and `observe rows: stop at column`',
    });
  }
  const paths = givenPaths(references, invocation.value(common.data));
  const bound = references.map((reference) =>
    bindData(session.model, reference.name, read(session.model, reference, paths, invocation)),
  );
  const warnings = bound.flatMap((one) => one.warnings);
  await reportDiagnostics(warnings, invocation.host, invocation.texts);
  return bound.flatMap((one) => one.observations);
}

/** Paths by name; a bare path belongs to the only data set. */
function givenPaths(
  references: readonly DataReference[],
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const names = references.map((reference) => reference.name);
  const paths = new Map<string, string>();
  for (const [name, path] of given) {
    if (name === "" && names.length === 1) paths.set(names[0], path);
    else if (names.includes(name)) paths.set(name, path);
    else if (name === "") {
      throw new PhxError({
        code: "PHX994",
        what: `--data ${path} does not say which data set this is`,
        why: `the model has ${names.join(", ")}`,
        fix: `--data ${names[0]}=${path}`,
      });
    } else throw unknownName("data set", name, names, "--data");
  }
  return paths;
}

function read(
  model: Model,
  reference: DataReference,
  paths: ReadonlyMap<string, string>,
  invocation: Invocation,
): DataTable {
  const { host } = invocation;
  const path = paths.get(reference.name) ?? host.pathBeside(reference.source, reference.path);
  let text: string;
  try {
    text = host.readText(path);
  } catch (error) {
    if (!(error instanceof PhxError)) throw error;
    throw unreadableSet(
      model,
      reference.name,
      path,
      error.diagnostics.flatMap(({ notes }) => notes ?? []),
    );
  }
  return readTable(text, path);
}
