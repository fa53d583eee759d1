/** One line about what is going on, for the person who waits; on stderr, so that stdout holds only the report. */
export type Say = (line: string) => void;

const started = Date.now();

export const say: Say = (line) => {
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stderr.write(`${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}  ${line}\n`);
};
