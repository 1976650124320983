/** External variables that YARA rules in circulation take for granted; a scan sets them for every file. */
export interface YaraExternals {
  /** Base name. */
  readonly filename: string
  /** Full path. */
  readonly filepath: string
  /** With its dot, in small letters; empty without one. */
  readonly extension: string
  /** What the first bytes show, such as EXE, ELF or PDF; empty where they show nothing known. */
  readonly filetype: string
  /** Name of the account. */
  readonly owner: string
  /** Whether the file is looked at because it was just written. */
  readonly new: boolean
}

/** A value of each variable's type. */
export const yaraExternals: YaraExternals = {
  filename: '',
  filepath: '',
  extension: '',
  filetype: '',
  owner: '',
  new: false,
}
