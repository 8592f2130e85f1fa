// The error for a traced value that was asked for its number.
import type { ArrayType } from "./array.ts";
import { typeText } from "./array.ts";
import { userCallSite } from "./call-site.ts";
import { PhxError } from "./errors.ts";

/** `how` completes "its value was asked for …". */
export function concretizationError(
  tracer: { readonly type: ArrayType; readonly trace: { readonly transform: string } },
  how: string,
): PhxError {
  const site = userCallSite();
  return new PhxError({
    code: "PHX921",
    what: `a traced value of type ${typeText(tracer.type)} was asked for its number ${how}${site === undefined ? "" : ` at ${site}`}`,
    why: `inside ${tracer.trace.transform} a value stands for all arrays of its type and has no number yet; a JavaScript comparison, \`if\`, Number(x) or a template string needs one (an attempted boolean conversion, for \`if (x > 0)\`)`,
    fix: "choose values with np.where(x.greater(0), a, b), branch with cond, loop with foriLoop or whileLoop, or make the argument static (staticArgnums of jit)",
  });
}
