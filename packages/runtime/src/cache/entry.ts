// How a trace is framed in a cache entry: which structure it belongs to, then the bytes of its codec.
import type { EntryFrame } from "./store.ts";

/**
 * Layout, little-endian: magic "PHXC", u32 format version, 32 bytes of the structure's key, u32 payload length,
 * payload. The payload carries its own checksum; the frame is compared byte for byte with what is expected, so any
 * changed byte of an entry is noticed.
 */
const magic = 0x43584850;
const formatVersion = 1;
const keyBytes = 32;
const headerBytes = 4 + 4 + keyBytes + 4;

export const entryFrame: EntryFrame = {
  headBytes: headerBytes,
  sizeOf(head) {
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    return headerBytes + view.getUint32(8 + keyBytes, true);
  },
};

export function frameEntry(key: string, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, formatVersion, true);
  for (let i = 0; i < keyBytes; i++) bytes[8 + i] = Number.parseInt(key.slice(2 * i, 2 * i + 2), 16);
  view.setUint32(8 + keyBytes, payload.length, true);
  bytes.set(payload, headerBytes);
  return bytes;
}

/** The payload, or why the entry is not one of this key. */
export function unframeEntry(key: string, bytes: Uint8Array): Uint8Array | { readonly reason: string } {
  if (bytes.length < headerBytes) return { reason: `it has ${bytes.length} bytes, fewer than its header` };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== magic) return { reason: "it does not begin like a trace" };
  const version = view.getUint32(4, true);
  if (version !== formatVersion) return { reason: `its format version is ${version}, not ${formatVersion}` };
  for (let i = 0; i < keyBytes; i++) {
    if (bytes[8 + i] !== Number.parseInt(key.slice(2 * i, 2 * i + 2), 16)) {
      return { reason: "it belongs to another structure" };
    }
  }
  const length = view.getUint32(8 + keyBytes, true);
  if (length !== bytes.length - headerBytes) {
    return { reason: `it does not have the ${length} bytes of trace that were written` };
  }
  return bytes.subarray(headerBytes);
}
