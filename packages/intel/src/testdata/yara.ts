import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import init, * as yaraX from '@virustotal/yara-x'
import type { YaraValidator } from '../document.ts'
import { yaraValidatorOf } from '../formats/yara/validator.ts'

/** The real compiler, for tests of documents that hold rules. */
export async function loadYara(): Promise<YaraValidator> {
  const manifest = createRequire(import.meta.url).resolve('@virustotal/yara-x/package.json')
  await init({ module_or_path: readFileSync(manifest.replace('package.json', 'pkg/yara_x_js_bg.wasm')) })
  return yaraValidatorOf(yaraX)
}
