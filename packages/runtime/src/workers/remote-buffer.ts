// RemoteBuffer: elements that a coordinator holds, or will hold once it has computed them.
import type { DeviceBuffer, Elements } from "@phxlang/autodiff";

/** The line to the coordinator that holds the elements. */
export interface ElementSource {
  download(result: number): Promise<Elements>;
}

export class RemoteBuffer implements DeviceBuffer {
  readonly deviceName = "workers";
  readonly link: ElementSource;
  /** Its number at the coordinator. */
  readonly result: number;
  readonly size: number;

  constructor(link: ElementSource, result: number, size: number) {
    this.link = link;
    this.result = result;
    this.size = size;
  }

  download(): Promise<Elements> {
    return this.link.download(this.result);
  }
}
