/** One JSON line to standard error for each thing an operator should know; never a secret. */
export interface Log {
  info(what: string, more?: Readonly<Record<string, unknown>>): void
  warn(what: string, more?: Readonly<Record<string, unknown>>): void
}

const levels = ['info', 'warn', 'silent']

export function stderrLog(least: string): Log {
  const from = Math.max(0, levels.indexOf(least))
  const write = (level: string, what: string, more: Readonly<Record<string, unknown>> = {}) => {
    if (levels.indexOf(level) < from) return
    process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, what, ...more })}\n`)
  }
  return {
    info: (what, more) => write('info', what, more),
    warn: (what, more) => write('warn', what, more),
  }
}
