import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { YaraValidator } from '../document.ts'
import { type YaraX, yaraValidatorOf } from '../formats/yara/validator.ts'

interface Module {
  readonly Compiler: new () => InstanceType<YaraX['Compiler']> & {
    build(): { scanner(): { scan(bytes: Uint8Array): { readonly matches: readonly unknown[] } } }
  }
  default(from: { module_or_path: Uint8Array }): Promise<unknown>
}

/** YARA-X as agents run it: what it says of a rule, and whether a rule is true of some bytes. */
export async function loadYara(): Promise<
  YaraValidator & { matches(rule: string, bytes: Uint8Array): boolean }
> {
  const yaraX: Module = await import('@virustotal/yara-x')
  const place = createRequire(import.meta.url).resolve('@virustotal/yara-x/package.json')
  await yaraX.default({
    module_or_path: await readFile(new URL('./pkg/yara_x_js_bg.wasm', `file://${place}`)),
  })
  return {
    ...yaraValidatorOf(yaraX),
    matches(rule, bytes) {
      const compiler = new yaraX.Compiler()
      compiler.addSource(rule)
      return compiler.build().scanner().scan(bytes).matches.length > 0
    },
  }
}
