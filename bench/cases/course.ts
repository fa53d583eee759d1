import type { Person } from '../system/people.js';

/** One command of a case: who gives it, under which path, with which body. */
export interface Step {
  as: Person;
  path: string;
  body: object;
}

/** What a case goes through from its receipt by a channel until the customer is satisfied. */
export const course: readonly Step[] = [
  { as: 'ann', path: 'accept', body: {} },
  { as: 'ann', path: 'classify', body: { subtype: null, emotion: 3, reason: '客户情绪一般，按物流破损处理。' } },
  { as: 'ann', path: 'dispatch', body: { department: 'logistics', request: '请查明破损发生在哪一段，并给出补发时间。' } },
  { as: 'lou', path: 'plan', body: { request: 'r1', plan: '干线装卸破损，今天补发，明天送达。' } },
  { as: 'ann', path: 'answer', body: { message: '非常抱歉让您久等，破损的两个杯子今天补发，明天送达。' } },
  { as: 'sue', path: 'note', body: { text: '同一批次第三起，留意。' } },
  { as: 'ann', path: 'hear', body: { text: '好的，请务必明天送到。' } },
  { as: 'ann', path: 'resolve', body: { solution: '补发两个杯子，免运费。', agreed: true } },
  { as: 'sue', path: 'follow-up', body: { satisfied: true, score: 5 } },
];

/** As many commands that move no deadline and ask nobody anything: what a command costs by itself. */
export const notes: readonly Step[] = course.flatMap(() => course.filter(({ path }) => path === 'note'));

/** The short course by which history events are counted: accepted, answered, resolved, followed up. */
export const shortCourse: readonly Step[] = course.filter(({ path }) => ['accept', 'answer', 'resolve', 'follow-up'].includes(path));

/** Level 2 of a case: the responsibility is proposed, agreed to and decided. */
export const responsibility: readonly Step[] = [
  { as: 'sue', path: 'attribute', body: { nature: 'process', shares: [{ department: 'logistics', percent: 100, conduct: 'ordinary' }], note: '装卸流程缺陷。' } },
  { as: 'lou', path: 'agree', body: {} },
  { as: 'sam', path: 'decide', body: { upheld: true, handling: '部门内部复盘。', note: '责任清楚。' } },
];

/** Level 3: an investigation from its first cause to its conclusion, on paths of its own. */
export function improvement(): Step[] {
  const dueAt = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString();
  return [
    { as: 'quinn', path: 'causes', body: { category: 'method', text: '装卸时抛投', whys: ['计件过快', '没有缓冲垫', '变更未评审'] } },
    { as: 'quinn', path: 'causes/c1/finding', body: { root: true, note: '监控可以印证' } },
    { as: 'quinn', path: 'measures', body: { cause: 'c1', text: '装卸口加缓冲垫', owner: 'lou', dueAt, goal: { metric: '每千件破损数', baseline: 9, target: 3, direction: 'down' }, observeDays: 0 } },
    { as: 'lou', path: 'measures/m1/done', body: { note: '已安装' } },
    { as: 'lou', path: 'measures/m1/readings', body: { value: 2 } },
    { as: 'qi', path: 'measures/m1/verdict', body: { effective: true, note: '达到目标' } },
    { as: 'quinn', path: 'conclude', body: {} },
  ];
}
