/** Why a program cannot be loaded; sent to the server by code. */
export class ProgramRefused extends Error {
  readonly code: 'contract' | 'too-deep' | 'too-large' | 'pattern' | 'blob-missing' | 'malformed'
  constructor(code: ProgramRefused['code'], message: string) {
    super(message)
    this.name = 'ProgramRefused'
    this.code = code
  }
}
