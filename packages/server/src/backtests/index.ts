export { cancelBacktest } from './cancel.ts'
export { type BacktestResult, saveBacktestProgress, saveBacktestResult } from './progress.ts'
export { type BacktestReport, backtestReport } from './report.ts'
export { type BacktestChoice, requestBacktest, requestBacktestOfText } from './request.ts'
export { routes } from './routes.ts'
export {
  type Backtest,
  backtestById,
  backtestSent,
  backtestsFor,
  backtestTargets,
  cancelledBacktestsFor,
  isForBacktest,
} from './store.ts'
