import type { Engine } from './engine.js';

/** The same engine, and how many of its callers wait for their answer. */
export function countUnderWay(engine: Engine): { engine: Engine; underWay: () => number } {
  let waiting = 0;
  async function counted<T>(work: () => Promise<T>): Promise<T> {
    waiting += 1;
    try {
      return await work();
    } finally {
      waiting -= 1;
    }
  }
  const command = (request: Parameters<Engine['command']>[0]) => counted(() => engine.command(request as never));
  return {
    underWay: () => waiting,
    engine: {
      command: command as Engine['command'],
      intake: (request) => counted(() => engine.intake(request)),
      openInvestigation: (request) => counted(() => engine.openInvestigation(request)),
      escalate: (request) => counted(() => engine.escalate(request)),
    },
  };
}
