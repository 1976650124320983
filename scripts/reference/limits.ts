import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('../../packages/', import.meta.url))

/** Every `// Limit:` comment of the source, with its place. */
export async function limitsPage(): Promise<string> {
  const entries = await readdir(packages, { recursive: true })
  const files = entries.filter((file) => /\/src\/.*\.ts$/.test(file) && !file.includes('node_modules')).sort()
  const rows = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(packages + file, 'utf8')
      return [...text.matchAll(/\/\/ Limit: (.+(?:\n\s*\/\/ (?!Limit:).+)*)/g)].map(([, said = '']) => {
        return `| ${said.replace(/\n\s*\/\/ /g, ' ').replaceAll('|', '\\|')} | \`${file}\` |`
      })
    }),
  )
  return `# Limits
Where Tocsin knowingly falls short.

| limit | where |
|--|--|
${rows.flat().join('\n')}
`
}
