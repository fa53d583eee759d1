/** The engine has not answered in time: the command may or may not have been done. Repeating it with its key is safe. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** The engine cannot be reached, and nothing has been asked of it. */
export class EngineAway extends Error {
  override readonly name = 'EngineAway';
}

/** The idempotency key was used for another body. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

/** The engine runs this case no more, though it is not closed: nothing was done, and nothing can be until somebody has looked. */
export class CaseLost extends Error {
  override readonly name = 'CaseLost';
}
