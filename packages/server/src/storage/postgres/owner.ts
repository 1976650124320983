/** Who runs a process and owns its files; only root can choose. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** The uid of PostgreSQL when root starts it; no user needs to have it. The server's is 64182, the signer's 64183. */
export const postgresOwner: Owner = { uid: 64_181, gid: 64_181 }

export function isRoot(): boolean {
  return process.getuid?.() === 0
}
