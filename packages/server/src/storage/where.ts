/** Collects conditions of a statement with their parameters; every value goes through a parameter. */
export class Where {
  readonly parameters: unknown[] = []
  private readonly conditions: string[] = []

  /** The placeholder of a value, such as `$3`. */
  value(of: unknown): string {
    this.parameters.push(of)
    return `$${this.parameters.length}`
  }

  /** Adds a condition; a filter that was not given (undefined) adds none. */
  when<Value>(given: Value | undefined, condition: (placeholder: string) => string): this {
    if (given !== undefined) this.conditions.push(condition(this.value(given)))
    return this
  }

  /** Adds a condition without a value. */
  and(condition: string): this {
    this.conditions.push(condition)
    return this
  }

  get sql(): string {
    return this.conditions.length === 0 ? '' : `where ${this.conditions.join(' and ')}`
  }
}

/** Makes user text a literal inside LIKE. */
export function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, (each) => `\\${each}`)
}

/** ORDER BY of a sort such as `-createdAt`; only columns of the table are taken, the last one makes it total. */
export function orderBy(
  sort: string | undefined,
  columns: Readonly<Record<string, string>>,
  otherwise: string,
): string {
  const name = (sort ?? '').replace(/^[-+ ]/, '')
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined
  if (column === undefined) return `order by ${otherwise}`
  const direction = sort?.startsWith('-') ? 'desc' : 'asc'
  return `order by ${column} ${direction}, id ${direction}`
}

/** The one row of a statement that always gives one. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('a statement gave no row where it always gives one')
  return row
}
