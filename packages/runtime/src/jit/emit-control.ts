// Loops and branches: they fill the pointer slots of their bodies' frames and call the bodies.
import { sizeOf } from "@phxlang/autodiff";
import type { Expression, Local } from "../wasm/index.ts";
import { i32 } from "../wasm/index.ts";
import type { EmitContext, PlanFunction } from "./emit-context.ts";
import { bytesOf } from "./frame.ts";
import type { CondStep, PlanVariable, ScanStep, WhileStep } from "./plan.ts";
import { align, slotBytes } from "./plan.ts";

/** Writes pointers into consecutive slots of a frame that lies at `frame + offset`. */
function setSlot({ f, frame }: EmitContext, offset: number, slot: number, address: Expression<"i32">): void {
  f.store(i32, frame, address, offset + slot * slotBytes);
}

function copyBuffer({ f }: EmitContext, to: Expression<"i32">, from: Expression<"i32">, bytes: number): void {
  if (bytes > 0) f.copyMemory(to, from, bytes);
}

/** The two buffers of each carried array, as locals that are swapped after every turn. */
class Carried {
  readonly current: readonly Local<"i32">[];
  readonly following: readonly Local<"i32">[];
  readonly #context: EmitContext;

  constructor(context: EmitContext, initial: readonly PlanVariable[], offset: number) {
    const { f, frame } = context;
    this.#context = context;
    let at = offset;
    const place = ({ buffer }: PlanVariable): Local<"i32"> => {
      const local = f.let(i32.add(frame, at));
      at += align(bytesOf(buffer));
      return local;
    };
    this.current = initial.map(place);
    this.following = initial.map(place);
    initial.forEach(({ buffer }, i) => {
      copyBuffer(context, this.current[i], context.address(buffer), bytesOf(buffer));
    });
  }

  swap(): void {
    const { f } = this.#context;
    this.current.forEach((local, i) => {
      const before = f.let(local);
      f.set(local, this.following[i]);
      f.set(this.following[i], before);
    });
  }

  copyTo(finals: readonly PlanVariable[]): void {
    finals.forEach(({ buffer }, i) => {
      copyBuffer(this.#context, this.#context.address(buffer), this.current[i], bytesOf(buffer));
    });
  }
}

/** Inputs of the body: carried arrays, slices, constants. Outputs: carried arrays, slices of the stacked results. */
export function emitScan(context: EmitContext, step: ScanStep, body: PlanFunction): void {
  context.scope(() => {
    const { f, frame } = context;
    const { offset } = step.space;
    const { constants, initial, slices, stacked, finals, length, reverse } = step;
    const carried = new Carried(context, initial, offset + align(step.body.frameBytes));
    const firstSlice = initial.length;
    const firstConstant = firstSlice + slices.length;
    const firstOutput = firstConstant + constants.length;
    constants.forEach(({ buffer }, i) =>
      setSlot(context, offset, firstConstant + i, context.address(buffer)),
    );
    const firstStacked = firstOutput + finals.length;
    // Each slice moves by its own length in bytes every turn.
    const moving = [...slices, ...stacked].map(({ buffer, type }, i) => {
      const stride = length === 0 ? 0 : bytesOf(buffer) / length;
      const start = context.address(buffer, reverse ? stride * (length - 1) : 0);
      const slot = i < slices.length ? firstSlice + i : firstStacked + i - slices.length;
      return { pointer: f.let(start), stride: reverse ? -stride : stride, slot, size: sizeOf(type.shape) };
    });
    const bodyFrame = f.let(i32.add(frame, offset));
    f.forRange(0, length, () => {
      initial.forEach((_, i) => {
        setSlot(context, offset, i, carried.current[i]);
        setSlot(context, offset, firstOutput + i, carried.following[i]);
      });
      for (const { pointer, slot } of moving) setSlot(context, offset, slot, pointer);
      f.run(body, bodyFrame);
      for (const { pointer, stride } of moving) f.set(pointer, i32.add(pointer, stride));
      carried.swap();
    });
    carried.copyTo(finals);
  });
}

export function emitWhile(
  context: EmitContext,
  step: WhileStep,
  condition: PlanFunction,
  body: PlanFunction,
): void {
  context.scope(() => {
    const { f, frame } = context;
    const { conditionConstants, bodyConstants, initial, finals } = step;
    const conditionOffset = step.space.offset;
    const flagOffset = conditionOffset + align(step.condition.frameBytes);
    const bodyOffset = flagOffset + align(1);
    const carried = new Carried(context, initial, bodyOffset + align(step.body.frameBytes));
    const carryCount = initial.length;
    const setConstants = (constants: readonly PlanVariable[], offset: number): void =>
      constants.forEach(({ buffer }, i) => setSlot(context, offset, carryCount + i, context.address(buffer)));
    setConstants(conditionConstants, conditionOffset);
    setConstants(bodyConstants, bodyOffset);
    setSlot(context, conditionOffset, carryCount + conditionConstants.length, i32.add(frame, flagOffset));
    const conditionFrame = f.let(i32.add(frame, conditionOffset));
    const bodyFrame = f.let(i32.add(frame, bodyOffset));
    f.block((exit) => {
      f.loop((again) => {
        initial.forEach((_, i) => setSlot(context, conditionOffset, i, carried.current[i]));
        f.run(condition, conditionFrame);
        f.branchIf(exit, i32.eqz(i32.load8U(frame, flagOffset)));
        initial.forEach((_, i) => {
          setSlot(context, bodyOffset, i, carried.current[i]);
          setSlot(context, bodyOffset, carryCount + bodyConstants.length + i, carried.following[i]);
        });
        f.run(body, bodyFrame);
        carried.swap();
        f.branch(again);
      });
    });
    carried.copyTo(finals);
  });
}

/** The branches share their frame; a selector beyond the last branch, or below 0, takes the nearest one. */
export function emitCond(context: EmitContext, step: CondStep, branches: readonly PlanFunction[]): void {
  context.scope(() => {
    const { f, frame } = context;
    const { offset } = step.space;
    step.operands.forEach(({ buffer }, i) => setSlot(context, offset, i, context.address(buffer)));
    step.results.forEach(({ buffer }, i) =>
      setSlot(context, offset, step.operands.length + i, context.address(buffer)),
    );
    const { base, offset: selectorOffset } = context.place(step.selector.buffer);
    const isBool = step.selector.type.dtype === "bool";
    const raw = f.let(isBool ? i32.load8U(base, selectorOffset) : i32.load(base, selectorOffset));
    const branchFrame = f.let(i32.add(frame, offset));
    const last = branches.length - 1;
    f.switch(
      raw,
      branches.slice(0, last).map((branch) => () => f.run(branch, branchFrame)),
      () => {
        if (isBool || last === 0) f.run(branches[last], branchFrame);
        else {
          f.if(
            i32.ltS(raw, 0),
            () => f.run(branches[0], branchFrame),
            () => f.run(branches[last], branchFrame),
          );
        }
      },
    );
  });
}
