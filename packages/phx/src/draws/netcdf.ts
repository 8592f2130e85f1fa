// NetCDF files of InferenceData: NetCDF-4 is HDF5 in which dimensions are data sets that others refer to as scales.
import { PhxError } from "@phxlang/autodiff";
import type { InferenceData, InferenceGroup, NamedArray } from "@phxlang/inference";
import type * as Hdf5 from "h5wasm";

/** h5wasm and its file system in memory; several megabytes, loaded on first use. */
async function openLibrary(): Promise<{ readonly hdf5: typeof Hdf5; readonly files: FileSystem }> {
  const hdf5 = await import("h5wasm");
  const { FS } = await hdf5.ready;
  return { hdf5, files: FS };
}

interface FileSystem {
  readFile(path: string): Uint8Array;
  writeFile(path: string, bytes: Uint8Array): void;
  unlink(path: string): void;
}

/** In the file system in memory, which nobody else sees. */
const scratch = "inference-data.nc";

/**
 * The bytes of a NetCDF-4 file that ArviZ, xarray and ncdump read: a group for each group, its dimensions `chain`, `draw`
 * and `row` as variables with their labels. Flags are bytes with the attribute `dtype = "bool"`, as xarray writes them.
 */
export async function writeNetcdf({ attributes, groups, rows }: InferenceData): Promise<Uint8Array> {
  const { hdf5, files } = await openLibrary();
  const file = new hdf5.File(scratch, "w", { track_order: true });
  try {
    file.create_attribute("Conventions", "CF-1.8");
    for (const [name, variables] of Object.entries(groups)) {
      const group = file.create_group(name, true);
      for (const [key, value] of Object.entries(attributes)) group.create_attribute(key, value);
      writeDimensions(group, name, variables, rows);
      for (const [variable, content] of Object.entries(variables)) {
        writeVariable(group, name, variable, content);
      }
    }
  } finally {
    file.close();
  }
  const bytes = files.readFile(scratch);
  files.unlink(scratch);
  return bytes;
}

/** Chains and draws count from 0, as in ArviZ; rows are those of the user's table. */
function writeDimensions(
  group: Hdf5.Group,
  name: string,
  variables: InferenceGroup,
  rows: Int32Array | null,
): void {
  const lengths = new Map<string, number>();
  for (const { dimensions, shape } of Object.values(variables)) {
    dimensions.forEach((dimension, k) => lengths.set(dimension, shape[k]));
  }
  for (const [dimension, length] of lengths) {
    const isRow = dimension === "row" && rows?.length === length;
    const labels = BigInt64Array.from({ length }, (_, i) => BigInt(isRow ? rows[i] : i));
    const scale = group.create_dataset({ name: dimension, data: labels, shape: [length], dtype: "<q" });
    scale.make_scale(dimension);
    scale.create_attribute("long_name", `${dimension} of ${name}`);
  }
}

function writeVariable(
  group: Hdf5.Group,
  groupName: string,
  name: string,
  { dimensions, shape, values, isFlag }: NamedArray,
): void {
  if (name.includes("/")) {
    throw new PhxError({
      code: "PHX998",
      what: `the variable \`${name}\` cannot be written to NetCDF`,
      why: "a name with a slash is a path there",
      fix: "write .json instead",
    });
  }
  const data = isFlag === true ? Int8Array.from(values) : values;
  const dtype = isFlag === true ? "<b" : "<d";
  const dataset = group.create_dataset({ name, data, shape: [...shape], dtype });
  if (isFlag === true) dataset.create_attribute("dtype", "bool");
  dimensions.forEach((dimension, k) => dataset.attach_scale(k, `/${groupName}/${dimension}`));
}

/** Reads NetCDF-4 as `writeNetcdf`, ArviZ or xarray write it. PHX847 for other files. */
export async function readNetcdf(bytes: Uint8Array, path: string): Promise<InferenceData> {
  if (!isHdf5(bytes)) throw notNetcdf(path, "it does not begin as a NetCDF-4 file does");
  const { hdf5, files } = await openLibrary();
  files.writeFile(scratch, bytes);
  const file = new hdf5.File(scratch, "r");
  try {
    const groups: Record<string, InferenceGroup> = {};
    let attributes: Record<string, string> = {};
    let rows: Int32Array | null = null;
    for (const name of file.keys()) {
      const group = file.get(name);
      if (!(group instanceof hdf5.Group)) continue;
      const own = readGroup(hdf5, group, name);
      groups[name] = own.variables;
      attributes = { ...own.attributes, ...attributes };
      rows ??= own.rows;
    }
    return { attributes, groups, rows };
  } finally {
    file.close();
    files.unlink(scratch);
  }
}

function readGroup(
  hdf5: typeof Hdf5,
  group: Hdf5.Group,
  groupName: string,
): {
  readonly variables: InferenceGroup;
  readonly attributes: Record<string, string>;
  readonly rows: Int32Array | null;
} {
  const variables: Record<string, NamedArray> = {};
  let rows: Int32Array | null = null;
  for (const name of group.keys()) {
    const dataset = group.get(name);
    if (!(dataset instanceof hdf5.Dataset)) continue;
    const values = numbersIn(dataset.value);
    if (dataset.get_scale_name() !== null) {
      // Labels that are texts, as ArviZ writes for named coordinates, are of no use here.
      if (name === "row" && values !== null) rows = Int32Array.from(values);
      continue;
    }
    if (values === null) continue;
    const shape = dataset.shape ?? [];
    const dimensions = shape.map((_, k) => {
      const [scale] = dataset.get_attached_scales(k);
      return scale?.split("/").at(-1) ?? `${groupName}_${name}_${k}`;
    });
    const isFlag = dataset.attrs["dtype"]?.value === "bool";
    variables[name] = { dimensions, shape, values, ...(isFlag ? { isFlag } : {}) };
  }
  const attributes = Object.entries(group.attrs).flatMap(([name, { value }]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  return { variables, attributes: Object.fromEntries(attributes), rows };
}

/** Null for texts and compound values. */
function numbersIn(value: unknown): Float64Array | null {
  if (typeof value === "number" || typeof value === "bigint") return Float64Array.of(Number(value));
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return null;
  return Float64Array.from(value as unknown as ArrayLike<number | bigint>, Number);
}

function isHdf5(bytes: Uint8Array): boolean {
  return [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}

function notNetcdf(path: string, why: string): PhxError {
  return new PhxError({
    code: "PHX847",
    what: `"${path}" holds no draws that phx can read`,
    why,
    fix: "give what `phx fit --out` wrote, Stan CSV, or the JSON or NetCDF of ArviZ",
  });
}
