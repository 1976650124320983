import type { AgentBudget, Blockout, Micros, RecorderSettings, ResponseClass } from '@tocsin/model'

/** Documents of any of the sources, with any of the labels, and the ones named. */
export interface ChosenIntel {
  readonly sources: readonly number[]
  readonly labels: readonly number[]
  readonly documents: readonly number[]
}

export interface ProfileScan {
  /** None: where files usually arrive. */
  readonly roots: readonly string[]
  readonly exclude: readonly string[]
  readonly blockout: readonly Blockout[]
  readonly rescanHours: number | null
}

/** What a profile says, whatever it is called and whomever it is for. */
export interface ProfileBody {
  readonly intel: 'all' | ChosenIntel
  readonly recorder: RecorderSettings
  readonly scan: ProfileScan
  readonly budget: AgentBudget
  readonly responses: readonly ResponseClass[]
}

export interface ProfileFacts extends ProfileBody {
  readonly name: string
  readonly priority: number
  readonly groups: readonly number[]
}

/** New: in no deployment yet. Updated: an older version is deployed. Deploying: endpoints have not all answered. */
export type ProfileState = 'New' | 'Updated' | 'Deploying' | 'Deployed'

export interface Profile extends ProfileFacts {
  readonly id: number
  readonly version: number
  readonly state: ProfileState
  readonly changedAt: Micros
  readonly changedBy: string
}
