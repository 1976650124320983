import { Command } from 'commander'
import * as agent from './commands/agent.ts'
import * as alerts from './commands/alerts.ts'
import * as ask from './commands/ask.ts'
import * as backtest from './commands/backtest.ts'
import * as check from './commands/check.ts'
import * as convert from './commands/convert.ts'
import * as deploy from './commands/deploy.ts'
import * as diff from './commands/diff.ts'
import * as down from './commands/down.ts'
import * as enrollToken from './commands/enroll-token.ts'
import * as explain from './commands/explain.ts'
import * as fmt from './commands/fmt.ts'
import * as groups from './commands/groups.ts'
import * as intel from './commands/intel.ts'
import * as match from './commands/match.ts'
import * as profiles from './commands/profiles.ts'
import * as scan from './commands/scan.ts'
import * as sensors from './commands/sensors.ts'
import * as status from './commands/status.ts'
import * as token from './commands/token.ts'
import * as up from './commands/up.ts'
import * as upload from './commands/upload.ts'
import { explainFailure } from './connection.ts'
import { exitCodes } from './exit-codes.ts'

const program = new Command('tocsin')
  .description('Open-source threat response: intel documents in, explained alerts out.')
  .version('0.1.0')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage))

for (const command of [
  up,
  down,
  check,
  fmt,
  convert,
  diff,
  match,
  upload,
  intel,
  deploy,
  status,
  alerts,
  scan,
  profiles,
  groups,
  backtest,
  ask,
  sensors,
  explain,
  token,
  enrollToken,
  agent,
]) {
  command.register(program)
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = explainFailure(error)
}
