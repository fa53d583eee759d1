import { condition, defineQuery, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';

export const actUpdate = defineUpdate<number, [{ n: number }]>('act');
export const poke = defineSignal<[{ n: number }]>('poke');
export const countQuery = defineQuery<number>('count');

/** The least that can be asked: an update that returns, a signal that counts, a query that answers. It ends when told to. */
export async function bare(_input: object): Promise<void> {
  let count = 0;
  let over = false;
  setHandler(actUpdate, ({ n }) => {
    count += 1;
    if (n < 0) over = true;
    return count;
  });
  setHandler(poke, () => {
    count += 1;
  });
  setHandler(countQuery, () => count);
  await condition(() => over);
}
