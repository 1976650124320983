export { type AskOptions, ask } from './ask.ts'
export { removeQuestion } from './remove.ts'
export { type QuestionReport, questionReport, rowsOfQuestion } from './report.ts'
export { routes } from './routes.ts'
export { type AnswerPart, saveAnswers } from './save-answers.ts'
export {
  type AskedQuestion,
  joinSavedQuestions,
  questionById,
  takeQuestionsFor,
  takeTargets,
} from './store.ts'
