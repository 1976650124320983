import type { Address, Libyara } from './libyara-calls.ts'
import type { Block } from './messages.ts'

/** As libyara's header has them since 4.0, 64 bits. */
const blockStructure = { size: 0, base: 8, fetchData: 24, length: 32 } as const
const iteratorStructure = { first: 8, next: 16, fileSize: 24, lastError: 32, length: 40 } as const

/** Shows libyara parts of the given bytes as blocks of memory, each at the address that it had. */
export class LibyaraBlocks {
  readonly iterator: Address
  private readonly library: Libyara
  private readonly block: Address
  private bytes: Address = 0n
  private blocks: readonly Block[] = []
  private number = 0

  constructor(library: Libyara) {
    this.library = library
    this.block = library.allocate(blockStructure.length)
    this.iterator = library.allocate(iteratorStructure.length)
    const { write } = library
    const show = () => this.show()
    write(
      this.block,
      blockStructure.fetchData,
      library.onFetch(() => this.bytes + BigInt(this.blocks[this.number]?.at ?? 0)),
    )
    write(
      this.iterator,
      iteratorStructure.first,
      library.onStep(() => {
        this.number = 0
        return show()
      }),
    )
    write(
      this.iterator,
      iteratorStructure.next,
      library.onStep(() => {
        this.number += 1
        return show()
      }),
    )
    write(this.iterator, iteratorStructure.fileSize, 0n) // memory has no file size
  }

  /** What the next scan walks over. */
  use(bytes: Uint8Array, blocks: readonly Block[]): void {
    this.bytes = this.library.addressOf(bytes)
    this.blocks = blocks
    this.number = 0
    this.library.write(this.iterator, iteratorStructure.lastError, 0n)
  }

  private show(): Address {
    const block = this.blocks[this.number]
    if (block === undefined) return 0n
    this.library.write(this.block, blockStructure.size, BigInt(block.size))
    this.library.write(this.block, blockStructure.base, BigInt(block.base))
    return this.block
  }
}
