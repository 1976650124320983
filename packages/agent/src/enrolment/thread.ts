import { workerData } from 'node:worker_threads'
import { enrol } from './identity.ts'

/** What the thread that enrols is told. */
export interface EnrolmentData {
  readonly stateDir: string
  readonly server: string
  readonly token: string
  readonly caPin: string
}

const { stateDir, server, token, caPin } = workerData as EnrolmentData
await enrol(stateDir, { server: new URL(server), token, caPin })
