/** What the headers of a program say; what it has not is missing. */
export interface Facts {
  readonly format: 'pe' | 'elf'
  readonly machine: string
  readonly entryPoint: number
  readonly sections: readonly string[]
  readonly libraries: readonly string[]
  readonly imports: readonly string[]
  readonly exports: readonly string[]
  /** The lists hold all that there is. */
  readonly isWhole: boolean
  /** Seconds since 1970. */
  readonly compiled?: number
  /** Null where it cannot be told. */
  readonly imphash?: string | null | undefined
  readonly isSigned?: boolean
  readonly interpreter?: string | undefined
  readonly buildId?: string | undefined
}
