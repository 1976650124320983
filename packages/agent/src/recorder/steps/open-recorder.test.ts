import { expect, test } from 'vitest'
import { recorderOf } from '../open-recorder.ts'

const options = {
  ...{ stateDir: '/nowhere', exclude: [], onProcess: () => undefined, onEvent: () => undefined },
  ...{ onCompletion: () => undefined, onExit: () => undefined, onBlind: () => undefined },
  onSourcesChanged: () => undefined,
}

test.each([
  ['windows', ['sysmon']],
  ['macos', ['eslogger']],
] as const)('the recorder of %s has the source %s', async (platform, names) => {
  const recorder = (await recorderOf(platform))(options)
  expect(recorder.platform).toBe(platform)
  expect(recorder.states.map(({ name }) => name)).toEqual(names)
  expect(recorder.states.every(({ running }) => !running)).toBe(true)
})
