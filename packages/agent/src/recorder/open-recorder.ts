import { platformHere } from '../platform-here.ts'
import type { EndpointRecorder, RecorderListener } from './endpoint-recorder.ts'
import { EsloggerSource } from './macos/eslogger-source.ts'
import { Recorder } from './recorder.ts'
import { StepRecorder } from './steps/step-recorder.ts'
import { SysmonSource } from './windows/sysmon-source.ts'

export interface OpenOptions extends RecorderListener {
  readonly stateDir: string
  /** Paths beneath which file events are nobody's business: the agent's own state. */
  readonly exclude: readonly string[]
}

/** The recorder of this machine's platform. */
export function openRecorder(options: OpenOptions, platform = platformHere()): EndpointRecorder {
  switch (platform) {
    case 'windows':
      return new StepRecorder({ ...options, source: new SysmonSource(options.stateDir), clock: 'now' })
    case 'macos':
      return new StepRecorder({ ...options, source: new EsloggerSource(), clock: 'now' })
    case 'linux':
      return new Recorder(options)
  }
}
