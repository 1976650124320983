/** SQLITE_CORRUPT, SQLITE_NOTADB and SQLITE_CANTOPEN without what SQLite adds to them. */
const codes = { corrupt: 11, noDatabase: 26, cannotOpen: 14 }

/** What is in the file is wrong, not the disk or the moment. */
export function isDamage(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof SyntaxError) return true
  const code = sqliteCode(error)
  return code === codes.corrupt || code === codes.noDatabase || isOfZstd(error)
}

/** The file is not there. */
export function isAbsent(error: unknown): boolean {
  return sqliteCode(error) === codes.cannotOpen
}

function sqliteCode(error: unknown): number | undefined {
  const hasCode = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
  return hasCode ? Number(error.errcode) & 0xff : undefined
}

function isOfZstd(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ZSTD_')
}
