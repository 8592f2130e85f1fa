// openGpu in browsers: navigator.gpu.
import { PhxError } from "@phxlang/autodiff";

declare const navigator: { readonly gpu?: GPU } | undefined;

/** WebGPU of this page or worker; PHX967 where the browser has none. */
export function openGpu(): Promise<GPU> {
  const gpu = typeof navigator === "undefined" ? undefined : navigator.gpu;
  if (gpu !== undefined) return Promise.resolve(gpu);
  throw new PhxError({
    code: "PHX967",
    what: "this page has no WebGPU",
    why: "the browser does not have it, or does not give it to pages that were not loaded over https or from localhost",
    fix: "use a browser with WebGPU, or the device cpu or workers",
  });
}
