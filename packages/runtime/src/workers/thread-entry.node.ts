// Where a worker thread of Node begins.
import { parentPort, workerData } from "node:worker_threads";
import { Board } from "./board.ts";
import { Mailbox } from "./mailbox.ts";
import { serve } from "./thread.ts";

const { thread, memory } = workerData as { readonly thread: number; readonly memory: SharedArrayBuffer };
const mailbox = new Mailbox();
parentPort?.on("message", (letter) => mailbox.receive(letter));
void serve(new Board(memory), thread, () => mailbox.next());
