import { expect, type Case } from '../case.js';
import type { Path } from '../path.js';
import { speakerOf } from '../people.js';
import { words } from '../words.js';
import { answer, resolve, satisfy } from './service.js';

/** The department of the filing, whose the case is not. */
function departmentOf({ filed }: Case): string {
  return filed.department ?? 'production';
}

/** Asked by the owner, answered by the department within its clock (L1.7). */
export async function planned(one: Case): Promise<void> {
  const department = departmentOf(one);
  const asked = await one.does(one.agent, 'dispatch', { department, request: words.request });
  await one.does(speakerOf(department), 'plan', { request: asked.requests.at(-1)?.id ?? '', plan: words.plan });
}

const dispatched: Path = {
  name: 'dispatched',
  title: 'A department made the plan',
  cases: 10,
  fits: (row) => row.department !== 'customer_service',
  async play(one, nth) {
    await answer(one);
    await planned(one);
    await resolve(one);
    await satisfy(one, nth);
  },
  ends: { status: 'resolved', customer: 'satisfied', responsibility: 'open' },
};

/** "Not ours": the arbiter decides, and that one cannot be returned. */
const returned: Path = {
  name: 'returned',
  title: 'Sent back, decided by the arbiter',
  cases: 1,
  fits: (row) => row.department === 'production',
  async play(one) {
    await answer(one);
    const asked = await one.does(one.agent, 'dispatch', { department: 'logistics', request: words.request });
    const back = await one.does('lou', 'return', { request: asked.requests[0]?.id ?? '', reason: words.notOurs });
    expect(back.rung === 1 && back.requests[0]?.state === 'returned', one, 'a return goes to the arbiter at rung 1');
    await one.refused(one.agent, 'dispatch', { department: 'production', request: words.request }, 'arbiter-dispatches');
    await one.does('sue', 'acknowledge');
    const again = await one.does('sue', 'dispatch', { department: 'production', request: words.request });
    const request = again.requests[1]?.id ?? '';
    await one.refused('pei', 'return', { request, reason: words.notOurs }, 'not-returnable');
    await one.does('pei', 'plan', { request, plan: words.plan });
    await resolve(one);
    await satisfy(one);
  },
  ends: { status: 'resolved', customer: 'satisfied', responsibility: 'open', raisedBy: 'returned', rung: 1 },
};

export const departments: readonly Path[] = [dispatched, returned];
