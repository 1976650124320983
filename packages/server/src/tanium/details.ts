import type { Explanation, Finding } from '@tocsin/model'
import { matchTypeOf } from '../alerts/index.ts'
import {
  actingProcess,
  contextsOf,
  fileArtifact,
  fileProperties,
  hashed,
  portProperties,
  processProperties,
  relevantActions,
} from './artifacts.ts'
import { isoTime, textOf, wideId } from './facts-of.ts'

/** What an alert's details are made of. */
export interface DetailedAlert {
  readonly guid: string
  readonly finding: Finding
  readonly throttled: number
}

/** Facts of the endpoint that an alert was raised on. */
export interface Reporter {
  readonly computerName: string
  readonly address: string
  readonly os: string
  readonly kernel: string
  readonly bits: 32 | 64
  readonly platform: 'linux' | 'windows' | 'macos'
}

const platformNames = { linux: 'Linux', windows: 'Windows', macos: 'Mac' } as const

/**
 * The JSON that stands in an alert's `details`: match, finding and whats as Tanium's clients read them,
 * with our explanation beside. 64-bit numbers are decimal text.
 */
export function detailsOf(alert: DetailedAlert, reporter: Reporter): Readonly<Record<string, unknown>> {
  const { finding } = alert
  const target = targetOf(finding)
  const acting = actingArtifact(finding, target)
  return {
    intel_id: finding.intel.id,
    config_id: 1,
    config_rev_id: 1,
    match: {
      version: 1,
      type: matchTypeOf(finding),
      source: finding.mode === 'scan' ? 'at_rest' : 'recorder',
      hash: acting.artifact_hash,
      properties: propertiesOf(finding, target),
      contexts: contextsOf(finding.explanation.instances),
    },
    finding: findingOf(alert, reporter, acting),
    explanation: finding.explanation,
    blind: finding.blind,
    throttled: alert.throttled,
    count: finding.count,
  }
}

function findingOf(alert: DetailedAlert, reporter: Reporter, acting: Readonly<Record<string, unknown>>) {
  const { finding } = alert
  const intra = intraIds(finding)
  const sourceName = finding.mode === 'scan' ? 'at_rest' : 'recorder'
  return {
    domain: 'threatresponse',
    intel_id: `${finding.intel.id}:${finding.intel.revision}:${alert.guid}`,
    hunt_id: '1',
    threat_id: intra.map(({ id_v2 }) => id_v2).join(','),
    finding_id: findingIdOf(finding),
    source_name: sourceName,
    first_seen: isoTime(finding.firstAt),
    last_seen: isoTime(finding.lastAt),
    reporting_id: 'reporting-id-placeholder',
    system_info: {
      os: reporter.os,
      bits: reporter.bits,
      platform: platformNames[reporter.platform],
      patch_level: '',
      build_number: reporter.kernel,
    },
    whats: [
      {
        source_name: sourceName,
        intel_intra_ids: intra,
        artifact_activity: {
          acting_artifact: acting,
          relevant_actions: relevantActions(finding.explanation.instances),
        },
      },
    ],
  }
}

/** Tanium's `findingId`. */
export function findingIdOf(finding: Finding): string {
  return wideId(['finding', finding.id])
}

/** One id for each term that was met. */
function intraIds(finding: Finding): readonly { readonly id_v2: string }[] {
  const places = new Set(finding.explanation.witnesses.map(({ at }) => at.join('.')))
  return [...places].map((place) => ({ id_v2: wideId([finding.intel.id, place]) }))
}

type Seen = Explanation['instances'][number]

/** What a finding is about where no process acted: the first file or connection among its instances. */
function targetOf(finding: Finding): Seen | undefined {
  const { instances } = finding.explanation
  return (
    instances.find(({ object }) => object === 'file' || object === 'connection' || object === 'network') ??
    instances[0]
  )
}

function propertiesOf(finding: Finding, target: Seen | undefined) {
  const type = matchTypeOf(finding)
  if (type === 'file' && target !== undefined) return fileProperties(target.fields)
  if (type === 'port' && target !== undefined) return portProperties(target, finding.chain)
  if (finding.chain.length > 0 || target === undefined) return processProperties(finding.chain)
  return processProperties([
    { key: target.key, parent: null, fields: target.fields, startedAt: target.at, endedAt: null },
  ])
}

function actingArtifact(finding: Finding, target: Seen | undefined): Readonly<Record<string, unknown>> {
  const acting = actingProcess(finding.chain)
  if (acting !== null) return acting
  if (target?.object === 'file') {
    return {
      ...fileArtifact(textOf(target.fields, 'file.path'), target.fields, 'file'),
      is_intel_target: true,
    }
  }
  return hashed({ [target?.object ?? 'process']: target?.key ?? finding.subject }, true)
}
