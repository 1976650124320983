import type { Context } from '../context.ts'

const day = 24 * 60 * 60 * 1_000_000

/** Makes the partitions of this and the next months, so that no alert has to go to the default one. */
export async function ensurePartitions(context: Context): Promise<void> {
  for (const ahead of [0, 31, 62]) {
    await context.database.query('select create_alert_partition($1)', [context.now() + ahead * day])
  }
}

/** Ensures them now and every day. Ends when called. */
export function keepPartitions(context: Context): () => void {
  const run = () =>
    ensurePartitions(context).catch((error: unknown) => {
      context.log.error({ err: error }, 'partitions of alerts could not be made')
    })
  void run()
  const timer = setInterval(run, day / 1_000)
  timer.unref()
  return () => clearInterval(timer)
}
