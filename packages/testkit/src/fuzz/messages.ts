/** What the process that runs inputs says. */
export type FromFuzzing =
  /** It lives; so many inputs are through. */
  | { readonly kind: 'beat'; readonly executions: number; readonly outcomes: number; readonly rss: number }
  | {
      readonly kind: 'failure'
      readonly why: string
      readonly input: Uint8Array
      readonly smallest: Uint8Array
    }
  | { readonly kind: 'done' }

/** Slower inputs are failures; in time of the processor, which other processes do not lengthen. */
export const slowest = 2_000
/** Busy for so long without a sign of life, it hangs. */
export const longestSilence = 20_000
/** MiB of the whole process, the YARA compiler included. */
export const mostMemory = 1_536
