/** Values of a blob, one a line. */
export interface LineSet {
  has(text: string): boolean
}
