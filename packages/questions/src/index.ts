export { amountOf } from './amount.ts'
export { type Cell, cellText, type Missing, type Row } from './answers/cell.ts'
export { holdsOfMachine, holdsOfRow } from './answers/holds.ts'
export { columnsOf, joinRows, type SensorRows } from './answers/join-rows.ts'
export { checkQuestion } from './check-question.ts'
export { questionCodes } from './parse/fault.ts'
export { type Parse, type Parsed, parseQuestion } from './parse/parse-question.ts'
export { printQuestion } from './print-question.ts'
export {
  type Filter,
  type Question,
  type Select,
  type SensorUse,
  type Test,
  testsOf,
  usesIn,
} from './question.ts'
export { questionSchema } from './schema.ts'
export { answerLimits, type Column, type ColumnType, type Parameter, type Sensor } from './sensors/sensor.ts'
export { sensorNamed, sensors } from './sensors/sensors.ts'
export { fromWire } from './wire/from-wire.ts'
export { sensorHash } from './wire/sensor-hash.ts'
export { type WireQuestion, wireQuestion } from './wire/shape.ts'
export { toWire } from './wire/to-wire.ts'
