import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type YaraValidator, yaraValidatorOf } from '@tocsin/intel'
import * as yaraX from '@virustotal/yara-x'

/** The official YARA-X as WebAssembly. It has no working time limit of its own: use it in a thread with a deadline. */
export async function loadYaraValidator(): Promise<YaraValidator> {
  const folder = pathToFileURL(createRequire(import.meta.url).resolve('@virustotal/yara-x/package.json'))
  await yaraX.default({ module_or_path: await readFile(new URL('./pkg/yara_x_js_bg.wasm', folder)) })
  return yaraValidatorOf(yaraX)
}
