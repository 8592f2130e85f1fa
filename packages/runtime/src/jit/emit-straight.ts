// emitStraight: a loop step over a single place, as straight-line code without pointers that move.
import type { EmitContext } from "./emit-context.ts";
import type { BodyContext } from "./lowering.ts";
import { isLiteral } from "./loop-nest.ts";
import type { Pack } from "./pack.ts";
import { constantPack, elementBytes, loadScalar, storePack } from "./pack.ts";
import type { LoopStep, PlanBuffer, PlanVariable } from "./plan.ts";

/** Long programs of scalars are made of such steps: what one operation costs here decides how fast they compile. */
export function emitStraight(context: EmitContext, step: LoopStep): void {
  const { f } = context;
  const body: BodyContext = { f, mode: "scalar", math: context.module.math };
  const uses = countUses(step);
  /** What the step has computed, and what it read and will read again. */
  const packs = new Map<PlanBuffer, Pack>();
  const keep = (pack: Pack): Pack => {
    const [part] = pack.parts;
    return "index" in part ? pack : { dtype: pack.dtype, parts: [f.let(part)] };
  };
  const read = (operand: PlanVariable): Pack => {
    const { buffer, view } = operand;
    const { dtype } = buffer.type;
    if (isLiteral(operand) && buffer.home?.kind === "constant") {
      return constantPack("scalar", dtype, buffer.home.array.elements[0]);
    }
    const known = operand.whole ? packs.get(buffer) : undefined;
    if (known !== undefined) return known;
    const { base, offset } = context.place(buffer);
    const loaded = loadScalar(dtype, base, offset + view.offset * elementBytes[dtype]);
    if (!operand.whole || uses.get(buffer) === 1) return loaded;
    const kept = keep(loaded);
    packs.set(buffer, kept);
    return kept;
  };
  for (const { lowering, operands, parameters, result } of step.operations) {
    const given = operands.map((operand) =>
      lowering.usesOnce === true ? read(operand) : keep(read(operand)),
    );
    const { buffer } = result;
    const computed = lowering.emit(body, given, parameters, result.type);
    const useCount = (uses.get(buffer) ?? 0) + (buffer.stored ? 1 : 0);
    const pack = useCount > 1 ? keep(computed) : computed;
    packs.set(buffer, pack);
    if (!buffer.stored) continue;
    const { base, offset } = context.place(buffer);
    storePack(f, "scalar", pack, base, offset);
  }
}

/** How often the operations of the step read each buffer. */
function countUses({ operations }: LoopStep): ReadonlyMap<PlanBuffer, number> {
  const uses = new Map<PlanBuffer, number>();
  for (const { operands } of operations) {
    for (const { buffer } of operands) uses.set(buffer, (uses.get(buffer) ?? 0) + 1);
  }
  return uses;
}
