// Where a worker thread of a browser begins. Its first message says which thread it is.
import { Board } from "./board.ts";
import type { Letter } from "./letters.ts";
import { Mailbox } from "./mailbox.ts";
import type { WorkerScope } from "./page-worker.ts";
import { serve } from "./thread.ts";

declare const self: WorkerScope;

const mailbox = new Mailbox();
let hasBegun = false;
self.addEventListener("message", ({ data }) => {
  if (hasBegun) {
    mailbox.receive(data as Letter);
    return;
  }
  hasBegun = true;
  const { thread, memory } = data as { readonly thread: number; readonly memory: SharedArrayBuffer };
  void serve(new Board(memory), thread, () => mailbox.next());
});
