/** System calls that are read. */
export type Call =
  | 'exec'
  | 'connect'
  | 'accept'
  | 'create'
  | 'createAt'
  | 'rename'
  | 'renameAt'
  | 'unlink'
  | 'unlinkAt'
  | 'exit'
  | 'bind'
  | 'listen'
  | 'module'
  | 'ptrace'
  | 'bpf'
  | 'setuid'
  | 'mount'

type Numbers = ReadonlyMap<string, Call>

/** `create` and the like take a path, the `…At` calls a folder's descriptor and a path. */
const x86_64: Numbers = new Map<string, Call>([
  ['59', 'exec'],
  ['322', 'exec'],
  ['42', 'connect'],
  ['43', 'accept'],
  ['288', 'accept'],
  ['2', 'create'],
  ['85', 'create'],
  ['257', 'createAt'],
  ['437', 'createAt'],
  ['82', 'rename'],
  ['264', 'renameAt'],
  ['316', 'renameAt'],
  ['87', 'unlink'],
  ['263', 'unlinkAt'],
  ['231', 'exit'],
  ['49', 'bind'],
  ['50', 'listen'],
  ['175', 'module'],
  ['313', 'module'],
  ['101', 'ptrace'],
  ['321', 'bpf'],
  ['105', 'setuid'],
  ['113', 'setuid'],
  ['117', 'setuid'],
  ['165', 'mount'],
])

const i386: Numbers = new Map<string, Call>([
  ['11', 'exec'],
  ['358', 'exec'],
  ['362', 'connect'],
  ['364', 'accept'],
  ['5', 'create'],
  ['8', 'create'],
  ['295', 'createAt'],
  ['437', 'createAt'],
  ['38', 'rename'],
  ['302', 'renameAt'],
  ['353', 'renameAt'],
  ['10', 'unlink'],
  ['301', 'unlinkAt'],
  ['252', 'exit'],
  ['361', 'bind'],
  ['363', 'listen'],
  ['128', 'module'],
  ['350', 'module'],
  ['26', 'ptrace'],
  ['357', 'bpf'],
  ['23', 'setuid'],
  ['70', 'setuid'],
  ['164', 'setuid'],
  ['203', 'setuid'],
  ['208', 'setuid'],
  ['213', 'setuid'],
  ['21', 'mount'],
])

const arm64: Numbers = new Map<string, Call>([
  ['221', 'exec'],
  ['281', 'exec'],
  ['203', 'connect'],
  ['202', 'accept'],
  ['242', 'accept'],
  ['56', 'createAt'],
  ['437', 'createAt'],
  ['38', 'renameAt'],
  ['276', 'renameAt'],
  ['35', 'unlinkAt'],
  ['94', 'exit'],
  ['200', 'bind'],
  ['201', 'listen'],
  ['105', 'module'],
  ['273', 'module'],
  ['117', 'ptrace'],
  ['280', 'bpf'],
  ['146', 'setuid'],
  ['145', 'setuid'],
  ['147', 'setuid'],
  ['40', 'mount'],
])

const architectures: ReadonlyMap<string, Numbers> = new Map([
  ['c000003e', x86_64],
  ['40000003', i386],
  ['c00000b7', arm64],
])

/** The call of a number of an architecture as audit records write them; x86-64 where none is written. */
export function callOf(architecture: string | undefined, number: string | undefined): Call | undefined {
  const numbers = architectures.get(architecture ?? 'c000003e')
  return number === undefined ? undefined : numbers?.get(number)
}
