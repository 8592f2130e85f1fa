// The part of the browsers' Worker interface that phx uses, from both sides.

interface MessageSource {
  addEventListener(kind: "message", listener: (event: { readonly data: unknown }) => void): void;
}

export interface PageWorker extends MessageSource {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(kind: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(kind: "error", listener: (event: { readonly message?: string }) => void): void;
}

/** The global object of a worker, as it sees itself. */
export interface WorkerScope extends MessageSource {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
}
