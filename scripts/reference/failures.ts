import { type FailureSpec, failures } from '../../packages/server/src/http/failures.ts'

/** Every refusal of the API with its status. */
export function failuresPage(): string {
  const rows = Object.entries<FailureSpec>(failures).map(
    ([code, { status, text, hint }]) =>
      `| \`${code}\` | ${status} | ${text}${hint === undefined ? '' : ` ${hint}`} |`,
  )
  return `# Failures
What the API refuses, and how it says so. On \`/api/v1\` the body is \`{code, text, hint?, detail?, diagnostics?}\`; on Tanium's paths it is
\`{text, errors: [{code, description}]}\` with the same text.

| code | status | text |
|--|--|--|
${rows.join('\n')}
`
}
