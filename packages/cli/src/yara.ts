import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type YaraValidator, yaraValidatorOf } from '@tocsin/intel'

/** The official YARA-X as WebAssembly, for checking documents without a server. */
export async function loadYaraValidator(): Promise<YaraValidator> {
  const yaraX = await import('@virustotal/yara-x')
  const wasm = createRequire(import.meta.url).resolve('@virustotal/yara-x/package.json')
  await yaraX.default({
    module_or_path: await readFile(new URL('./pkg/yara_x_js_bg.wasm', `file://${wasm}`)),
  })
  return yaraValidatorOf(yaraX)
}
