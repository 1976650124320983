export interface Assignment {
  readonly path: readonly string[]
  readonly value: unknown
}

type Parts = Readonly<Record<string, unknown>>

/** An object with some of its parts replaced; what is on the way to a part and no object becomes one. */
export function assigned(of: Parts, assignments: readonly Assignment[]): Parts {
  return assignments.reduce((object, { path, value }) => put(object, path, value), of)
}

function put(of: Parts, [name = '', ...rest]: readonly string[], value: unknown): Parts {
  if (rest.length === 0) return { ...of, [name]: value }
  const before = of[name]
  const inner = before !== null && typeof before === 'object' && !Array.isArray(before) ? { ...before } : {}
  return { ...of, [name]: put(inner, rest, value) }
}
