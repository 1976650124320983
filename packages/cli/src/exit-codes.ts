/** What a script reads: 0 done, 1 the answer is no, 2 wrong usage, 3 the server is not reachable. */
export const exitCodes = { done: 0, no: 1, usage: 2, unreachable: 3 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
