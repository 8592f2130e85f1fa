// Where a worker thread of a browser begins. Its first message says which thread it is.
import { Board } from "./board.ts";
import type { Letter } from "./letters.ts";
import { Mailbox } from "./mailbox.ts";
import type { WorkerScope } from "./page-worker.ts";
import { serve } from "./thread.ts";

declare const self: WorkerScope;

const mailbox = new Mailbox();
self.onmessage = ({ data }) => {
  const { thread, memory } = data as { readonly thread: number; readonly memory: SharedArrayBuffer };
  self.onmessage = (event) => mailbox.receive(event.data as Letter);
  void serve(new Board(memory), thread, () => mailbox.next());
};
