import { vocabulary } from '../../packages/model/src/index.ts'

/** The vocabulary: what conditions can read, and where it can be delivered. */
export function propertiesPage(): string {
  const rows = [...vocabulary.values()].map(
    ({ property, type, live, scan, meaning }) =>
      `| \`${property}\` | ${type} | ${live.join(', ') || '–'} | ${scan.join(', ') || '–'} | ${meaning} |`,
  )
  return `# Properties
What a condition can read. *Live*: platforms whose recorder can deliver it on events. *Scan*: platforms whose scanner reads it from state.
What one endpoint really delivers is found there by trial and shown as its capability.

| property | type | live | scan | meaning |
|--|--|--|--|--|
${rows.join('\n')}
`
}
