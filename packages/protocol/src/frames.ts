import { z } from 'zod'

/** No frame is longer than this, in UTF-16 units: large sends to many agents grow the server's memory. */
export const frameLimit = 16_000
/** Nor a message joined from parts. */
export const messageLimit = 1 << 20

const part = z.strictObject({
  kind: z.literal('part'),
  of: z.number().int().nonnegative(),
  index: z.number().int().nonnegative().max(1_000),
  last: z.boolean(),
  text: z.string().max(frameLimit),
})

export type FrameFault = 'too-long' | 'not-json' | 'out-of-order'

/** Splits a message into frames of at most `frameLimit` units; a short one is its own frame. */
export function framesOf(message: { readonly n: number }): readonly string[] {
  const text = JSON.stringify(message)
  if (text.length <= frameLimit) return [text]
  const room = frameLimit / 4
  const pieces: string[] = []
  for (let from = 0; from < text.length; ) {
    const to = endOfPiece(text, from + room)
    pieces.push(text.slice(from, to))
    from = to
  }
  return pieces.map((piece, index) =>
    JSON.stringify({ kind: 'part', of: message.n, index, last: index === pieces.length - 1, text: piece }),
  )
}

/** Joins parts; bounded in length, and a part out of order is a fault that ends the connection. */
export class FrameJoiner {
  private parts: string[] = []
  private of = -1
  private length = 0

  /** The whole message as parsed JSON, nothing while parts are missing, or a fault. */
  push(frame: string): { readonly value: unknown } | { readonly fault: FrameFault } | null {
    if (frame.length > frameLimit) return { fault: 'too-long' }
    const value = parsed(frame)
    if (value === undefined) return { fault: 'not-json' }
    const piece = part.safeParse(value)
    if (!piece.success) return this.parts.length === 0 ? { value } : { fault: 'out-of-order' }
    return this.join(piece.data)
  }

  private join({ of, index, last, text }: z.infer<typeof part>) {
    if (index === 0 && this.parts.length === 0) this.of = of
    if (index !== this.parts.length || of !== this.of) return { fault: 'out-of-order' } as const
    this.length += text.length
    if (this.length > messageLimit) return { fault: 'too-long' } as const
    this.parts.push(text)
    if (!last) return null
    const value = parsed(this.parts.join(''))
    this.parts = []
    this.length = 0
    return value === undefined ? ({ fault: 'not-json' } as const) : { value }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Does not split a surrogate pair: JSON text of one half would not survive UTF-8. */
function endOfPiece(text: string, end: number): number {
  const code = text.charCodeAt(end - 1)
  return end < text.length && code >= 0xd800 && code <= 0xdbff ? end - 1 : end
}
