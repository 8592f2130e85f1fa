// The file of a checkpoint, and the generation before it.
import { PhxError } from "@phxlang/autodiff";
import { readCheckpoint, writeCheckpoint } from "@phxlang/inference";
import type { Checkpoint } from "@phxlang/inference";
import type { Host } from "./host.ts";

export interface CheckpointFile {
  /** The newest generation that can be read, and whether it is the one before. PHX839, or PHX996 where there is none. */
  readonly read: () => { readonly checkpoint: Checkpoint; readonly isEarlier: boolean };
  /** The file becomes the generation before; both are whole at any moment. */
  readonly write: (checkpoint: Checkpoint) => void;
}

export function checkpointFile(host: Pick<Host, "readText" | "writeFile">, path: string): CheckpointFile {
  const earlier = `${path}.previous`;
  const readFirst = (first: string): string | null => {
    try {
      return host.readText(first);
    } catch (error) {
      if (error instanceof PhxError) return null;
      throw error;
    }
  };
  return {
    read() {
      try {
        return { checkpoint: readCheckpoint(host.readText(path)), isEarlier: false };
      } catch (error) {
        const text = readFirst(earlier);
        if (text === null) throw error;
        return { checkpoint: readCheckpoint(text), isEarlier: true };
      }
    },
    write(checkpoint) {
      const text = readFirst(path);
      if (text !== null) host.writeFile(earlier, text);
      host.writeFile(path, writeCheckpoint(checkpoint));
    },
  };
}
