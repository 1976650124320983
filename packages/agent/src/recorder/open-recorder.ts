import { platformHere } from '../platform-here.ts'
import type { EndpointRecorder, RecorderListener } from './endpoint-recorder.ts'

export interface OpenOptions extends RecorderListener {
  readonly stateDir: string
  /** Paths beneath which file events are nobody's business: the agent's own state. */
  readonly exclude: readonly string[]
}

export type OpenRecorder = (options: OpenOptions) => EndpointRecorder

/** How this machine's recorder is opened; what other platforms need stays out of memory. */
export async function recorderOf(platform = platformHere()): Promise<OpenRecorder> {
  switch (platform) {
    case 'linux': {
      const { Recorder } = await import('./recorder.ts')
      return (options) => new Recorder(options)
    }
    case 'windows': {
      const { StepRecorder } = await import('./steps/step-recorder.ts')
      const { SysmonSource } = await import('./windows/sysmon-source.ts')
      return (options) =>
        new StepRecorder({ ...options, source: new SysmonSource(options.stateDir), clock: 'now' })
    }
    case 'macos': {
      const { StepRecorder } = await import('./steps/step-recorder.ts')
      const { EsloggerSource } = await import('./macos/eslogger-source.ts')
      return (options) => new StepRecorder({ ...options, source: new EsloggerSource(), clock: 'now' })
    }
  }
}
