import { createRequire } from 'node:module'

/** An address in this process; 0 is none. */
export type Address = bigint

interface Koffi {
  load(name: string): { func(signature: string): (...args: never[]) => unknown }
  proto(definition: string): unknown
  pointer(type: unknown): unknown
  register(callback: (...args: never[]) => unknown, type: unknown): Address
  view(address: Address, length: number): ArrayBuffer
  address(bytes: Uint8Array): Address
  encode(address: Address, offset: number, type: string, value: bigint): void
  decode(address: Address, offset: number, type: string): unknown
  config(values: { readonly sync_stack_size: number }): unknown
}

type Call<Args extends readonly unknown[], Result> = (...args: Args) => Result

/** libyara's documented functions, as the child calls them. Texts are given as bytes that end with a zero. */
export interface LibyaraCalls {
  readonly initialize: Call<[], number>
  readonly createCompiler: Call<[into: [Address | null]], number>
  readonly destroyCompiler: Call<[compiler: Address], void>
  readonly setErrorCallback: Call<[compiler: Address, callback: Address, data: null], void>
  readonly setIncludeCallback: Call<[compiler: Address, callback: null, free: null, data: null], void>
  readonly compilerString: Call<[compiler: Address, name: string, value: string], number>
  readonly compilerBoolean: Call<[compiler: Address, name: string, value: number], number>
  readonly addString: Call<[compiler: Address, text: Uint8Array, namespace: string], number>
  readonly compiledRules: Call<[compiler: Address, into: [Address | null]], number>
  readonly destroyRules: Call<[rules: Address], number>
  readonly createScanner: Call<[rules: Address, into: [Address | null]], number>
  readonly destroyScanner: Call<[scanner: Address], void>
  readonly setMatchCallback: Call<[scanner: Address, callback: Address, data: null], void>
  readonly setFlags: Call<[scanner: Address, flags: number], void>
  readonly scannerString: Call<[scanner: Address, name: string, value: string], number>
  readonly scannerBoolean: Call<[scanner: Address, name: string, value: number], number>
  readonly lastErrorRule: Call<[scanner: Address], Address | null>
  readonly scanBlocks: Call<[scanner: Address, iterator: Address], number>
  readonly scanMemory: Call<[scanner: Address, bytes: Uint8Array, length: number], number>
}

const signatures: Readonly<Record<keyof LibyaraCalls, string>> = {
  initialize: 'int yr_initialize()',
  createCompiler: 'int yr_compiler_create(_Out_ void **)',
  destroyCompiler: 'void yr_compiler_destroy(void *)',
  setErrorCallback: 'void yr_compiler_set_callback(void *, TocsinYaraError *, void *)',
  setIncludeCallback: 'void yr_compiler_set_include_callback(void *, void *, void *, void *)',
  compilerString: 'int yr_compiler_define_string_variable(void *, const char *, const char *)',
  compilerBoolean: 'int yr_compiler_define_boolean_variable(void *, const char *, int)',
  addString: 'int yr_compiler_add_string(void *, void *, const char *)',
  compiledRules: 'int yr_compiler_get_rules(void *, _Out_ void **)',
  destroyRules: 'int yr_rules_destroy(void *)',
  createScanner: 'int yr_scanner_create(void *, _Out_ void **)',
  destroyScanner: 'void yr_scanner_destroy(void *)',
  setMatchCallback: 'void yr_scanner_set_callback(void *, TocsinYaraMatch *, void *)',
  setFlags: 'void yr_scanner_set_flags(void *, int)',
  scannerString: 'int yr_scanner_define_string_variable(void *, const char *, const char *)',
  scannerBoolean: 'int yr_scanner_define_boolean_variable(void *, const char *, int)',
  lastErrorRule: 'void *yr_scanner_last_error_rule(void *)',
  scanBlocks: 'int yr_scanner_scan_mem_blocks(void *, void *)',
  scanMemory: 'int yr_scanner_scan_mem(void *, void *, size_t)',
}

export type OnError = (level: number, file: string | null, line: number, rule: Address, text: string) => void
export type OnMatch = (context: Address, message: number, data: Address) => number

export interface Libyara {
  readonly calls: LibyaraCalls
  readonly onError: (callback: OnError) => Address
  readonly onMatch: (callback: OnMatch) => Address
  /** Functions of an iterator over blocks of memory, and of a block. */
  readonly onStep: (callback: () => Address) => Address
  readonly onFetch: (callback: () => Address) => Address
  readonly addressOf: (bytes: Uint8Array) => Address
  /** Memory for a structure; it is never freed. */
  readonly allocate: (length: number) => Address
  readonly write: (at: Address, offset: number, value: bigint) => void
  /** A number or an address that stands there. */
  readonly read: (at: Address, offset: number, type: 'uint32' | 'int32' | 'uint8') => number
  readonly pointer: (at: Address, offset: number) => Address
  readonly text: (at: Address, offset: number) => string
}

/** Bison and the compiler of regular expressions go deep; koffi gives native code a stack of its own. */
const stackBytes = 16 << 20

let prepared: ReturnType<typeof prepare> | undefined

/** Names of types are koffi's for the life of the process, and so is its stack. */
function prepare() {
  const native = createRequire(import.meta.url)('koffi') as Koffi
  native.config({ sync_stack_size: stackBytes })
  const error = native.proto('void TocsinYaraError(int, const char *, int, void *, const char *, void *)')
  const match = native.proto('int TocsinYaraMatch(void *, int, void *, void *)')
  const give = native.proto('void *TocsinYaraGive(void *)')
  const allocate = native.load('libc.so.6').func('void *calloc(size_t, size_t)') as Call<
    [count: number, size: number],
    Address
  >
  return { native, error, match, give, allocate }
}

export function koffi(): Koffi {
  prepared ??= prepare()
  return prepared.native
}

/** The library's functions; throws where it is not installed. */
export function loadLibyara(name: string): Libyara {
  prepared ??= prepare()
  const { native, error, match, give, allocate } = prepared
  const library = native.load(name)
  const calls = Object.entries(signatures).map(([call, signature]) => [call, library.func(signature)])
  return {
    calls: Object.fromEntries(calls) as LibyaraCalls,
    onError: (callback) => native.register(callback, native.pointer(error)),
    onMatch: (callback) => native.register(callback, native.pointer(match)),
    onStep: (callback) => native.register(callback, native.pointer(give)),
    onFetch: (callback) => native.register(callback, native.pointer(give)),
    addressOf: (bytes) => native.address(bytes),
    allocate: (length) => allocate(1, length),
    write: (at, offset, value) => native.encode(at, offset, 'uint64', value),
    read: (at, offset, type) => Number(native.decode(at, offset, type)),
    pointer: (at, offset) => BigInt(native.decode(at, offset, 'uint64') as bigint | number),
    text: (at, offset) => String(native.decode(at, offset, 'const char *') ?? ''),
  }
}
