import { expect, type Case } from '../case.js';
import type { Path } from '../path.js';
import { words } from '../words.js';
import { investigate } from './investigation.js';
import { planned } from './departments.js';
import { answer, isFrontLine, resolve, satisfy } from './service.js';

/** Level 1 and 2 of a case whose production department stands to what it did (L2.1, L2.2). */
async function decided(one: Case): Promise<void> {
  await answer(one);
  await planned(one);
  await resolve(one);
  await satisfy(one);
  await one.does('quinn', 'attribute', { nature: 'process', shares: [{ department: 'production', percent: 100, conduct: 'ordinary' }], note: '出厂抽检未覆盖该批次。' });
  await one.does('pei', 'agree', { reason: '情况属实。' });
  await one.does('sue', 'decide', { upheld: true, handling: '部门内部复盘。', note: '责任清楚。' });
}

const investigated: Path = {
  name: 'investigated',
  title: 'One investigation for all, closed',
  cases: 6,
  fits: (row) => row.department === 'production' && row.type === 'product_quality',
  play: decided,
  together: investigate,
  ends: { status: 'closed', customer: 'satisfied', responsibility: 'decided', cause: 'verified' },
};

/** A contested proposal decided anew by somebody else, and level 3 left out by two people (L2.5, L3.5). */
const waived: Path = {
  name: 'waived',
  title: 'Contested, decided, level 3 waived',
  cases: 1,
  fits: isFrontLine,
  async play(one) {
    await answer(one);
    await resolve(one);
    await satisfy(one);
    const halves = ['sales', 'customer_service'].map((department) => ({ department, percent: 50, conduct: 'ordinary' }));
    await one.does('quinn', 'attribute', { nature: 'duty', shares: halves, note: '销售与客服均有责任。' });
    await one.does('sal', 'contest', { reason: words.notOurs });
    await one.does('cass', 'agree');
    const shares = [{ department: 'customer_service', percent: 100, conduct: 'ordinary' }];
    await one.does('sam', 'decide', { upheld: false, nature: 'attitude', shares, handling: '补充培训。', note: '销售部申诉成立。' });
    const shut = await one.refused('sue', 'close', {}, 'gate-shut');
    expect(shut.missing?.join() === 'cause-not-verified', one, 'the gate says that only level 3 is missing');
    await one.does('sue', 'waive', { reason: '个案，无共性原因。' });
    await one.refused('sue', 'approve-waiver', {}, 'waiver-own');
    await one.does('sky', 'approve-waiver');
  },
  ends: { status: 'closed', customer: 'satisfied', responsibility: 'decided', cause: 'waived' },
};

export const levels: readonly Path[] = [investigated, waived];
