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
  "outerEnds",
  "columns",
  "exitOffsets",
  "lowerOffsets",
  "lowerColumns",
  "upperOffsets",
  "upperColumns",
] as const;

export type TraceFrame = Readonly<Record<(typeof fields)[number], Local<"i32">>>;

const frames = new WeakMap<EliminationTrace, number>();

/** The address of a trace's frame. The trace stays in the memory as long as it lives. */
export function frameOf(host: KernelHost, trace: EliminationTrace): number {
  let frame = frames.get(trace);
  if (frame === undefined) {
    frame = placeTrace(host, trace);
    frames.set(trace, frame);
  }
  return frame;
}

function placeTrace(host: KernelHost, trace: EliminationTrace): number {
  const arena = host.arena();
  const values: Record<(typeof fields)[number], number> = {
    rowCount: trace.rowCount,
    blockCount: trace.blockOffsets.length - 1,
    transitionCount: trace.rowOffsets[trace.rowCount],
    lowerCount: trace.lowerColumns.length,
    upperCount: trace.upperColumns.length,
    blockOffsets: arena.place(trace.blockOffsets),
    rowOffsets: arena.place(trace.rowOffsets),
    outerEnds: arena.place(outerEnds(trace)),
    columns: arena.place(trace.columns),
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

/** Where the slots of each row into earlier blocks end, which come before those into its own. */
function outerEnds({ rowCount, blockOffsets, rowOffsets, columns }: EliminationTrace): Int32Array {
  const ends = new Int32Array(rowCount);
  for (let block = 0; block + 1 < blockOffsets.length; block++) {
    for (let i = blockOffsets[block]; i < blockOffsets[block + 1]; i++) {
      let end = rowOffsets[i];
      while (end < rowOffsets[i + 1] && columns[end] < blockOffsets[block]) end++;
      ends[i] = end;
    }
  }
  return ends;
}

/** Locals that hold the fields of a frame. */
export function readFrame(f: FunctionBuilder, frame: Expression<"i32">): TraceFrame {
  const entries = fields.map((name, i) => [name, f.let(i32.load(frame, 4 * i))] as const);
  return Object.fromEntries(entries) as TraceFrame;
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

/** For the slots s of row i into earlier blocks. */
export function forOuterSlots(
  f: FunctionBuilder,
  trace: TraceFrame,
  i: Expression<"i32">,
  body: (s: Local<"i32">) => void,
): void {
  f.forRange(element(trace.rowOffsets, i), element(trace.outerEnds, i), body);
}

/** For the slots s of row i into its own block. */
export function forInnerSlots(
  f: FunctionBuilder,
  trace: TraceFrame,
  i: Expression<"i32">,
  body: (s: Local<"i32">) => void,
): void {
  f.forRange(element(trace.outerEnds, i), element(trace.rowOffsets, i, 1), body);
}
