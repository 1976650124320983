export interface FailureSpec {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500 | 503
  /** What a person reads. On Tanium's paths it must hold the words that its clients look for. */
  readonly text: string
  readonly hint?: string
}

/** Every refusal that a person or a client can meet. Status, text and the reference page come from here. */
export const failures = {
  'access.no-session': {
    status: 401,
    text: 'HTTP 401: Unauthorized. There is no session for this token; log in again.',
    hint: 'Send a session or an API token in the `session` header.',
  },
  'access.wrong-login': { status: 401, text: 'HTTP 401: Unauthorized. User name or password is wrong.' },
  'access.forbidden': { status: 403, text: 'Your roles do not allow this.' },
  'access.too-many-tries': { status: 429, text: 'Too many failed logins; wait a minute.' },
  'request.malformed': { status: 400, text: 'The request is not as the API describes it.' },
  'request.too-large': {
    status: 413,
    text: 'The body is larger than this route takes; no route takes more than 64 MiB.',
  },
  'request.unknown-route': { status: 404, text: 'Route not found.' },
  'request.wrong-host': { status: 403, text: 'This Host header is not served here.' },
  'intel.unknown': { status: 404, text: 'Intel document not found: none has this id.' },
  'intel.no-exchange': {
    status: 400,
    text: 'The body is no exchange file of at most 5000 signals.',
  },
  'intel.unreadable': { status: 400, text: 'The document has errors; see its diagnostics.' },
  'intel.empty': { status: 400, text: 'The body is empty: send the document as it is.' },
  'intel.in-no-profile': {
    status: 409,
    text: 'No profile brings this document to endpoints.',
    hint: 'Add it, its source or one of its labels to a profile.',
  },
  'intel.wrong-kind': { status: 400, text: 'A revision must be of the same kind as the document.' },
  'label.unknown': { status: 404, text: 'Label not found: none has this id.' },
  'label.name-taken': { status: 409, text: 'Another label has this name.' },
  'source.unknown': { status: 404, text: 'Source not found: none has this id.' },
  'alert.unknown': { status: 404, text: 'Alert not found: none has this id.' },
  'alert.unknown-state': { status: 400, text: 'This is no alert state.' },
  'scan.unknown': { status: 404, text: 'Scan not found: none has this id.' },
  'scan.ended': { status: 409, text: 'The scan has ended.' },
  'backtest.unknown': { status: 404, text: 'Back-test not found: none has this id.' },
  'backtest.no-time': { status: 400, text: 'The time begins when it ends, or later.' },
  'question.unknown': { status: 404, text: 'Question not found: none has this id.' },
  'question.unreadable': { status: 400, text: 'This is no question; see its diagnostics.' },
  'question.ambiguous': {
    status: 400,
    text: 'The question can be read in several ways.',
    hint: 'Ask with the text of the one that is meant; the diagnostics list them.',
  },
  'question.name-taken': { status: 409, text: 'Another saved question has this name.' },
  'group.unknown': { status: 404, text: 'Computer group not found: none has this id or name.' },
  'group.name-taken': { status: 409, text: 'Another computer group has this name.' },
  'group.of-all': { status: 409, text: 'The group of all endpoints cannot be changed.' },
  'group.in-use': {
    status: 409,
    text: 'A profile is bound to this computer group.',
    hint: 'Bind the profile to another group, or delete it.',
  },
  'profile.unknown': { status: 404, text: 'Profile not found: none has this id.' },
  'profile.name-taken': { status: 409, text: 'Another profile has this name.' },
  'profile.changed': {
    status: 409,
    text: 'The profile was changed meanwhile: this is no change of its newest version.',
    hint: 'Read it again, and repeat the change.',
  },
  'profile.shipped': {
    status: 409,
    text: 'The profile that ships with Tocsin holds for all computers, at the lowest priority, and cannot be deleted.',
  },
  'profile.bad-pattern': { status: 400, text: 'A pattern of the redaction is none in the syntax of RE2.' },
  'endpoint.unknown': { status: 404, text: 'Endpoint not found: none has this id.' },
  'deployment.unknown': { status: 404, text: 'Deployment not found: none has this revision.' },
  'task.unknown': { status: 404, text: 'Task not found: none has this id.' },
  'token.unknown': { status: 404, text: 'API token not found: none has this id.' },
  'user.unknown': { status: 404, text: 'User not found: none has this id.' },
  'user.name-taken': { status: 409, text: 'Another user has this name.' },
  'user.last-administrator': {
    status: 409,
    text: 'Nobody could manage access afterwards: this is the last administrator.',
  },
  'enrolment.refused': { status: 403, text: 'The enrolment token is unknown, used or expired.' },
  'server.database-down': { status: 503, text: 'The database does not answer.' },
  'server.fault': { status: 500, text: 'Internal server error; the log has the details.' },
} as const satisfies Record<string, FailureSpec>

export type FailureCode = keyof typeof failures
