// The error codes of the WebGPU device: what `phx explain` says about each.
import type { CodeExplanation } from "@phxlang/autodiff";

export const gpuCodes: readonly CodeExplanation[] = [
  {
    code: "PHX958",
    severity: "error",
    title: "values of a model are not what they must be, on a WebGPU device",
    explanation:
      "Rates are at least 0, probabilities sum to 1. The device tests them where they are used, and knows nothing of states and events: it cannot say which one is wrong.",
    repair:
      "Evaluate the model at the same parameters on the device cpu: its error names the state and the event.",
  },
  {
    code: "PHX964",
    severity: "error",
    title: "a WebGPU device was lost, or broke off",
    explanation:
      "The driver took the device away: it was reset, a kernel ran for too long, or the machine slept. What was computed on it and not yet read is gone. The message quotes the driver.",
    repair: "Open the device again and repeat the computation; give one call less to do if it happens again.",
  },
  {
    code: "PHX965",
    severity: "error",
    title: "a program does not fit on a WebGPU device",
    explanation:
      "All arrays of a call lie in one buffer, whose size the device limits; memory may be used up; a loop whose end depends on values runs in one kernel, of limited length. The message has the numbers.",
    repair:
      "Compute in smaller batches; free arrays that are not needed any more; use a device with a larger limit.",
  },
  {
    code: "PHX966",
    severity: "error",
    title: "doubles on a WebGPU device, without a choice of how to keep them",
    explanation:
      "GPUs have no doubles. They can be kept as single floats (about 7 digits) or as pairs of floats (about 14 digits, several times as much work), and phx does not choose for you.",
    repair:
      'Open the device with precision: "f64x" or precision: "f32" (--precision on the command line), or compute with arrays of dtype "f32".',
    example: 'await devices("webgpu", { precision: "f64x" })',
  },
  {
    code: "PHX967",
    severity: "error",
    title: "no WebGPU device can be opened here",
    explanation:
      "A page has navigator.gpu where the browser supports WebGPU; Node has it through the package webgpu. Either may find no adapter: then there is no GPU, or no driver for it.",
    repair:
      "In Node: npm install webgpu. Without a GPU, a software driver such as SwiftShader serves for tests. Otherwise use the device cpu or workers.",
  },
  {
    code: "PHX968",
    severity: "error",
    title: "the arithmetic of a WebGPU device is wrong",
    explanation:
      "When a device is opened, operations on chosen numbers must give the digits that its precision promises. Some drivers simplify floating-point operations, which destroys pairs of floats in particular.",
    repair: "Update the driver, open the device with the other precision, or use the device cpu.",
  },
  {
    code: "PHX969",
    severity: "error",
    title: "the WebGPU driver refused generated work",
    explanation:
      "A kernel that phx wrote did not compile, or a command was not valid. The message quotes the driver. This is a defect of phx or of the driver.",
    repair: "Please report it with the message; the device cpu computes the same.",
  },
];
