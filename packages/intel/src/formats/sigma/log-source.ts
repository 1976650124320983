/** What a rule says of its log source, in lower case. */
export interface LogSource {
  readonly category?: string
  readonly product?: string
  readonly service?: string
}
