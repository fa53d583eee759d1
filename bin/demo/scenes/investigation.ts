import { InvestigationView } from '../../../domain/investigation/schema.js';
import type { Case } from '../case.js';
import { Unexpected, type Http } from '../http.js';
import type { Stage } from '../path.js';
import type { Person } from '../people.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** One investigation for a group of cases, from its title to its conclusion; then they close by themselves (L3.1–L3.5). */
export async function investigate(cases: readonly Case[], { http }: Stage): Promise<void> {
  const [last, ...first] = [...cases].reverse();
  if (!last) return;
  const opened = await http.ask({
    as: 'quinn', path: '/v1/investigations', status: 201, shape: InvestigationView,
    body: { title: '同一批次产品质量投诉', type: 'product_quality', complaints: first.map(({ id }) => id) },
  });
  const { does, refused } = steps(http, `/v1/investigations/${opened.id}`);
  await last.does('sue', 'investigate', { investigation: opened.id });

  await does('quinn', '/causes', { category: 'method', text: '出厂检验漏检', whys: ['抽检比例过低', '检验标准未更新'] });
  await refused('quinn', '/causes/c1/finding', { root: true, note: '漏检属实' }, 'too-few-whys');
  await does('quinn', '/causes/c1/whys', { text: '变更评审没有质量部参加' });
  await does('quinn', '/causes/c1/finding', { root: true, note: '三批记录均可印证' });
  await does('quinn', '/causes', { category: 'material', text: '供应商换料', whys: ['来料记录异常'] });
  await does('quinn', '/causes/c2/finding', { root: false, note: '来料记录已核对，无异常' });
  await does('quinn', '/measures', {
    cause: 'c1', text: '抽检比例提高到一成，并由质量部参加变更评审', owner: 'pei', dueAt: new Date(Date.now() + DAY_MS).toISOString(),
    goal: { metric: '每千件投诉数', baseline: 9, target: 3, direction: 'down' }, observeDays: 0,
  });
  await refused('quinn', '/conclude', {}, 'gate-shut');
  await does('pei', '/measures/m1/done', { note: '已按新标准执行' });
  await does('pei', '/measures/m1/readings', { value: 5 });
  await refused('qi', '/measures/m1/verdict', { effective: true, note: '有改善' }, 'target-not-met');
  await does('pei', '/measures/m1/readings', { value: 2 });
  await does('qi', '/measures/m1/verdict', { effective: true, note: '达到目标' });
  const concluded = await does('quinn', '/conclude', {});

  const [linked, wanted] = [concluded.complaints, cases.map(({ id }) => id)].map((ids) => [...ids].sort().join());
  if (concluded.status !== 'concluded' || linked !== wanted) throw new Unexpected(`/v1/investigations/${opened.id}: expected to be concluded with its ${cases.length} complaints`);
  await Promise.all(cases.map((one) => one.until((now) => now.status === 'closed', 'the conclusion has closed it')));
}

function steps(http: Http, path: string) {
  return {
    does: (as: Person, step: string, body: object): Promise<InvestigationView> =>
      http.ask({ as, path: path + step, body, shape: InvestigationView }),
    refused: (as: Person, step: string, body: object, code: string) => http.refused({ as, path: path + step, body }, code),
  };
}
