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

/** How a list is sorted; the names are the feature's, not columns. */
export interface Sort<Name extends string> {
  readonly by: Name
  readonly descending: boolean
}

/** ORDER BY of a sort; the tie-breaker makes the order total. */
export function orderBy<Name extends string>(
  sort: Sort<Name>,
  columns: Readonly<Record<Name, string>>,
  tieBreaker: string,
): string {
  const direction = sort.descending ? 'desc' : 'asc'
  return `order by ${columns[sort.by]} ${direction}, ${tieBreaker} ${direction}`
}

/** Reads `-createdAt`, `+name` or `id`; a name that the list does not have sorts as usual. */
export function sortOf<Name extends string>(
  text: string | undefined,
  columns: Readonly<Record<Name, string>>,
  usual: Sort<Name>,
): Sort<Name> {
  const name = (text ?? '').replace(/^[-+ ]/, '')
  const by = (Object.keys(columns) as Name[]).find((each) => each === name)
  return by === undefined ? usual : { by, descending: text?.startsWith('-') === true }
}

/** The one row of a statement that always gives one. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('a statement gave no row where it always gives one')
  return row
}
