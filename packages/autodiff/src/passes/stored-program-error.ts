// The error of a stored program that cannot be read.
import { PhxError } from "../errors.ts";

export function storedProgramError(why: string): PhxError {
  return new PhxError({
    code: "PHX941",
    what: "a stored program cannot be read",
    why,
    fix: "write the program again with this version, and pass decoders for its structures",
  });
}
