/** Something that the person who starts Tocsin can put right; the message says how. */
export class StartFailure extends Error {}

/** Says what to do where this root may not run processes or own files as another user. */
export function explainedSpawn(error: NodeJS.ErrnoException, what: string): Error {
  if (error.code !== 'EPERM' && error.code !== 'EINVAL') return error
  return new StartFailure(
    `${what} cannot be run as another user here (${error.code}): set DATABASE_URL, or run as a user that is not root.`,
  )
}
