import { DBOS } from '@dbos-inc/dbos-sdk';

/** A command as DBOS carries it: a message under an id, whose answer is an event under the same id. */
export interface Command {
  id: string;
  name: string;
  end?: true;
}

/** How long a complaint waits for its next message: longer than any bench, so that nothing wakes it but a message. */
const LONG = { timeoutSeconds: 24 * 60 * 60, pollingIntervalMs: 600_000 };

/** A complaint that is durable and does nothing: the least that a start can be. */
export const startOnly = DBOS.registerWorkflow((_input: object) => Promise.resolve(), { name: 'startOnly' });

/** A complaint that waits for commands and answers each, until it is told to end. */
export const complaint = DBOS.registerWorkflow(
  async (_input: object) => {
    let version = 1;
    for (;;) {
      const command = await DBOS.recv<Command>('command', LONG);
      if (!command || command.end) return;
      version += 1;
      await DBOS.setEvent(command.id, { version });
    }
  },
  { name: 'complaint' },
);
