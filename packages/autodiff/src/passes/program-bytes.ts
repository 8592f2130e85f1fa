// Programs as bytes, and the content hash that names them.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { DType, Elements } from "../array.ts";
import { allocate } from "../array.ts";
import type { Program } from "../program.ts";
import { fromPlain, toPlain } from "./plain-program.ts";
import type { PlainProgram, ProgramDecoders } from "./plain-program.ts";
import { storedProgramError } from "./stored-program-error.ts";

/**
 * Layout, little-endian: the eight bytes `phxprog1`; the length of the header and of all bytes, both u32; the header,
 * JSON in UTF-8 with `{"$": [kind, byte offset, length]}` in the place of every typed array; zeros up to a
 * multiple of 8; the typed arrays, each beginning at a multiple of 8. Equal programs have equal bytes.
 */
export function programToBytes(program: Program): Uint8Array {
  const blobs: Uint8Array[] = [];
  let offset = 0;
  const header = JSON.stringify(toPlain(program), (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const reference = { $: [kindOf(value), offset, bytes.length] };
    blobs.push(bytes);
    offset += padded(bytes.length);
    return reference;
  });
  const headerBytes = new TextEncoder().encode(header);
  const start = 16 + padded(headerBytes.length);
  const result = new Uint8Array(start + offset);
  result.set(new TextEncoder().encode(magic));
  const view = new DataView(result.buffer);
  view.setUint32(8, headerBytes.length, true);
  view.setUint32(12, result.length, true);
  result.set(headerBytes, 16);
  let at = start;
  for (const blob of blobs) {
    result.set(blob, at);
    at += padded(blob.length);
  }
  return result;
}

/** The inverse of programToBytes; PHX941 for bytes that are no program. */
export function programFromBytes(bytes: Uint8Array, decoders: ProgramDecoders): Program {
  if (bytes.length < 16 || new TextDecoder().decode(bytes.subarray(0, 8)) !== magic) {
    throw storedProgramError("the bytes do not begin as a program of this version does");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headerLength = view.getUint32(8, true);
  const start = 16 + padded(headerLength);
  const total = view.getUint32(12, true);
  if (total !== bytes.length || start > total) {
    throw storedProgramError(`there are ${bytes.length} bytes, and the program has ${total}`);
  }
  const text = new TextDecoder().decode(bytes.subarray(16, 16 + headerLength));
  let plain: PlainProgram;
  try {
    plain = JSON.parse(text, (_key, value: unknown) => revive(value, bytes, start)) as PlainProgram;
  } catch (error) {
    if (error instanceof SyntaxError) throw storedProgramError("its header is damaged");
    throw error;
  }
  return fromPlain(plain, decoders);
}

/** Hexadecimal SHA-256 of the program's bytes: the same for equal programs on every machine. */
export function programHash(program: Program): string {
  return bytesToHex(sha256(programToBytes(program)));
}

const magic = "phxprog1";
type ArrayKind = DType | "bytes";

const padded = (length: number): number => Math.ceil(length / 8) * 8;

function kindOf(view: ArrayBufferView): ArrayKind {
  if (view instanceof Float64Array) return "f64";
  if (view instanceof Float32Array) return "f32";
  if (view instanceof Int32Array) return "i32";
  return view instanceof Uint32Array ? "u32" : "bytes";
}

function revive(value: unknown, bytes: Uint8Array, start: number): unknown {
  if (typeof value !== "object" || value === null || !("$" in value)) return value;
  const [kind, offset, length] = value.$ as readonly [ArrayKind, number, number];
  const from = start + offset;
  if (!(from >= start && from + length <= bytes.length)) {
    throw storedProgramError("the bytes end within an array");
  }
  const content = bytes.slice(from, from + length);
  if (kind === "bytes") return content;
  const elements: Elements = allocate(kind, length / elementSize(kind));
  new Uint8Array(elements.buffer).set(content);
  return elements;
}

function elementSize(kind: DType): number {
  return kind === "f64" ? 8 : kind === "bool" ? 1 : 4;
}
