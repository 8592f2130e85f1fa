// The public face of @phxlang/autodiff.
export {};
