import type {
  Capability,
  EventObject,
  Field,
  ManifestProfile,
  Platform,
  ProcessFacts,
  RecordedEvent,
} from '@tocsin/model'
import { pathForms } from './path-forms.ts'

/** What of what happens a profile has recorded. */
export interface Recording {
  /** Whether an event is matched and kept; `actor`: who did it, if that is known. */
  keeps(event: RecordedEvent, actor: ProcessFacts | undefined): boolean
  /** What the endpoint can deliver with it. */
  capability(whole: Capability): Capability
}

const filePaths = ['file.path', 'file.source_path'] as const
const longestWhy = 900

// Limit: what a profile does not have recorded is still read from the system, and dropped then: it costs CPU time.
export function recordingOf(
  { name, settings }: Pick<ManifestProfile, 'name' | 'settings'>,
  platform: Platform,
): Recording {
  const { off = [], excludeProcesses = [], excludeFiles = [] } = settings.recorder ?? {}
  const isOff: ReadonlySet<EventObject> = new Set(off)
  const isExcludedProcess = pathForms(excludeProcesses, platform)
  const isExcludedFile = pathForms(excludeFiles, platform)
  return {
    keeps(event, actor) {
      if (isOff.has(event.object)) return false
      if (event.object === 'process') return true
      if (excludeProcesses.length > 0 && textsOf(actor?.fields['process.path']).some(isExcludedProcess))
        return false
      return event.object !== 'file' || excludeFiles.length === 0 || !isWithout(event, isExcludedFile)
    },
    capability: (whole) => limited(whole, off, name, exclusions(excludeProcesses, excludeFiles)),
  }
}

/** A rename is left out if both of its paths are. */
function isWithout({ fields }: RecordedEvent, isExcluded: (path: string) => boolean): boolean {
  const paths = filePaths.flatMap((property) => textsOf(fields[property]))
  return paths.length > 0 && paths.every(isExcluded)
}

function textsOf(field: Field | undefined): readonly string[] {
  return (field?.values ?? []).filter((value) => typeof value === 'string')
}

function limited(whole: Capability, off: readonly EventObject[], name: string, excluded: string): Capability {
  const events = Object.entries(whole.events).filter(([object]) => !off.some((each) => each === object))
  const why = off.map((object) => [`events.${object}`, `switched off by the profile ${name}`])
  const exclusion =
    excluded === '' ? [] : [['exclusions', `the profile ${name} excludes ${excluded}`.slice(0, longestWhy)]]
  return {
    ...whole,
    events: Object.fromEntries(events),
    why: { ...whole.why, ...Object.fromEntries([...why, ...exclusion]) },
  }
}

function exclusions(processes: readonly string[], files: readonly string[]): string {
  const ofProcesses = processes.length === 0 ? [] : [`what ${processes.join(', ')} do`]
  const ofFiles = files.length === 0 ? [] : [`events on the files ${files.join(', ')}`]
  return [...ofProcesses, ...ofFiles].join(' and ')
}
