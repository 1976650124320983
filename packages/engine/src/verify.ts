import { canonicalText, type Finding, type Instance, type NodePath, type Program } from '@tocsin/model'
import { isSatisfied } from './evaluate/bindings.ts'
import { bindingOfLeaf, isProcessTerm } from './evaluate/evaluate.ts'
import { concerns, type Leaf, type LookIntoContent } from './evaluate/leaf.ts'
import { findingId, longestSubject } from './finding.ts'
import { stateInstance } from './instances.ts'
import { load } from './load.ts'

export type Verification =
  | { readonly verdict: 'match' }
  /** The explanation does not show what it claims. */
  | { readonly verdict: 'no-match'; readonly why: string }

/**
 * Evaluates a program again on the instances of a finding's explanation alone, without a server or an endpoint.
 * What YARA saw cannot be seen again here; its witnesses are taken for it.
 */
export function verifyFinding(
  program: Program,
  finding: Finding,
  blobs: (digest: string) => Uint8Array | undefined,
): Verification {
  const { explanation } = finding
  if (!isNamed(program, finding)) return refuted('the id is not that of the program and subject')
  const instances = explanation.instances.map((shown) => instanceOf(shown, finding))
  for (const witness of explanation.witnesses) {
    const instance = instances.find(({ key }) => key === witness.instance)
    if (instance === undefined)
      return refuted(`witness ${witness.at.join('.')} names an instance that is not shown`)
    if (witness.property === undefined || witness.seen === undefined) continue
    const values = instance.read(witness.property).values.map(canonicalText)
    if (!values.includes(canonicalText(witness.seen))) {
      return refuted(
        `witness ${witness.at.join('.')} saw a value of ${witness.property} that its instance does not have`,
      )
    }
  }
  return isMet(program, finding, instances, blobs)
    ? { verdict: 'match' }
    : refuted('the condition is not met by the instances shown')
}

/** What is left of a subject that was cut does not give its id. */
function isNamed({ intel, condition }: Program, { id, subject }: Finding): boolean {
  return subject.length >= longestSubject || id === findingId(intel.id, condition, subject)
}

function isMet(
  program: Program,
  { explanation, subject }: Finding,
  instances: readonly Instance[],
  blobs: (digest: string) => Uint8Array | undefined,
): boolean {
  const loaded = load(program, blobs)
  const claims = new Set(
    explanation.witnesses.filter(({ property }) => property === undefined).map(({ instance }) => instance),
  )
  const content: LookIntoContent = (_, instance) => ({
    verdict: claims.has(instance.key) ? 'match' : 'no-match',
    offsets: [],
  })
  const tools = { sets: loaded.sets, content }
  const isOfEntry = (leaf: Leaf) => program.subject === 'process' && isProcessTerm(leaf)
  return isSatisfied(program.condition, {
    mode: 'strict',
    onEvicted: () => undefined,
    leaves: (leaf, at: NodePath, mode) =>
      instances
        .filter((instance) => (isOfEntry(leaf) ? instance.key === subject : concerns(leaf, instance)))
        .flatMap((instance) => bindingOfLeaf(leaf, at, instance, tools, mode))
        .map((binding) => (isOfEntry(leaf) ? { ...binding, instances: [] } : binding)),
  })
}

function instanceOf(shown: Finding['explanation']['instances'][number], finding: Finding): Instance {
  const instance = stateInstance(shown.object, shown.key, shown.at, shown.fields)
  return { ...instance, from: finding.mode === 'scan' ? 'state' : 'event' }
}

function refuted(why: string): Verification {
  return { verdict: 'no-match', why }
}
