/** Tries again until `look` gives something; a bounded wait that names what it waited for. */
export async function until<Seen>(
  what: string,
  look: () => Promise<Seen | undefined | null | false>,
  limitMs = 30_000,
): Promise<Seen> {
  const end = Date.now() + limitMs
  let fault: unknown
  while (Date.now() < end) {
    const seen = await look().catch((error: unknown) => {
      fault = error
      return undefined
    })
    if (seen !== undefined && seen !== null && seen !== false) return seen
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`not within ${limitMs} ms: ${what}`, { cause: fault })
}
