// The public face of @phxlang/graph.
export {};
