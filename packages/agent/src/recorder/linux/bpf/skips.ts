import { join } from 'node:path'
import { bpfInfo, native, openPinned, openProgram } from '../../../native.ts'

/** struct bpf_link_info and struct bpf_prog_info of linux/bpf.h. */
const programIdOfLink = 8
const recursionMisses = 208

/** How often the kernel has skipped each program, because it was interrupted by itself on that processor. */
export class Skips {
  private readonly programs: ReadonlyMap<string, number>

  constructor(folder: string, names: Iterable<string>) {
    this.programs = new Map([...names].map((name) => [name, programOf(join(folder, `link_${name}`))]))
  }

  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const [name, fd] of this.programs)
      counts.set(name, Number(bpfInfo(fd).readBigUInt64LE(recursionMisses)))
    return counts
  }

  close(): void {
    for (const fd of this.programs.values()) native().close(fd)
  }
}

/** A descriptor of the program that a pinned link attaches. */
function programOf(link: string): number {
  const fd = openPinned(link)
  try {
    return openProgram(bpfInfo(fd).readUInt32LE(programIdOfLink))
  } finally {
    native().close(fd)
  }
}
