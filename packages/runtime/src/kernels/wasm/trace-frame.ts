// Where the index arrays of a trace lie in the kernels' memory, and how a kernel reads them.
import type { EliminationTrace } from "@phxlang/graph";
import { at, i32 } from "../../wasm/index.ts";
import type { Expression, FunctionBuilder, KernelHost, Local } from "../../wasm/index.ts";

/** The fields of a frame: counts, then addresses of Int32Arrays of that name. Each is one i32. */
const fields = [
  "rowCount",
  "blockCount",
  "transitionCount",
  "lowerCount",
  "upperCount",
  "blockOffsets",
  "rowOffsets",
  "columns",
  "exitOffsets",
  "lowerOffsets",
  "lowerColumns",
  "upperOffsets",
  "upperColumns",
] as const;

type Field = (typeof fields)[number];

/** Places a trace in the memory; it stays there as long as the trace lives. Returns the address of its frame. */
export function placeTrace(host: KernelHost, trace: EliminationTrace): number {
  const arena = host.arena();
  const values: Record<Field, number> = {
    rowCount: trace.rowCount,
    blockCount: trace.blockOffsets.length - 1,
    transitionCount: trace.rowOffsets[trace.rowCount],
    lowerCount: trace.lowerColumns.length,
    upperCount: trace.upperColumns.length,
    blockOffsets: arena.place(trace.blockOffsets),
    rowOffsets: arena.place(trace.rowOffsets),
    // One more, since loops over a row look at the column after its last one before they stop.
    columns: arena.place(followed(trace.columns)),
    exitOffsets: arena.place(trace.exitOffsets),
    lowerOffsets: arena.place(trace.lowerOffsets),
    lowerColumns: arena.place(trace.lowerColumns),
    upperOffsets: arena.place(trace.upperOffsets),
    upperColumns: arena.place(trace.upperColumns),
  };
  const frame = arena.place(Int32Array.from(fields, (field) => values[field]));
  arena.releaseWith(trace);
  return frame;
}

function followed(numbers: Int32Array): Int32Array {
  const longer = new Int32Array(numbers.length + 1);
  longer.set(numbers);
  return longer;
}

/** Locals that hold the named fields of a frame. */
export function readFrame<const F extends readonly Field[]>(
  f: FunctionBuilder,
  frame: Expression<"i32">,
  ...names: F
): Readonly<Record<F[number], Local<"i32">>> {
  const entries = names.map((name) => [name, f.let(i32.load(frame, 4 * fields.indexOf(name)))] as const);
  return Object.fromEntries(entries) as Record<F[number], Local<"i32">>;
}

/** Element `index` of an Int32Array at `base`. */
export function element(base: Expression<"i32">, index: Expression<"i32">, ahead = 0): Expression<"i32"> {
  return i32.load(at(base, index, 2), 4 * ahead);
}

/** For p from offsets[i] while p < offsets[i + 1]. */
export function forSegment(
  f: FunctionBuilder,
  offsets: Expression<"i32">,
  i: Expression<"i32">,
  body: (p: Local<"i32">) => void,
): void {
  f.forRange(element(offsets, i), element(offsets, i, 1), body);
}
