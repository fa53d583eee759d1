import type { Statute } from './schema.js';

/** A regulator's limits as data, to be named in a policy: `"statutory": ["cn-financial"]`. */
export interface Pack {
  name: string;
  title: { en: string; zh: string };
  /** where the rule is written */
  source: string;
  statutes: Statute[];
}

/**
 * Complaints of banking and insurance consumers in mainland China: a decision within 15 days of the receipt, 30 where the case is
 * complex, and 30 more with the approval of senior management. A day is 24 hours from the receipt, which is never later than the end
 * of the rule's own day.
 */
const cnFinancial: Pack = {
  name: 'cn-financial',
  title: { en: 'Banking and insurance consumers, mainland China', zh: '银行业保险业消费投诉' },
  source: '银行业保险业消费投诉处理管理办法 (2020), 第十九条',
  statutes: [{
    name: 'cn-financial', within: 'P15D',
    extensions: [{ name: 'complex', to: 'P30D' }, { name: 'approved', by: 'P30D', approval: 3 }],
  }],
};

export const packs: readonly Pack[] = [cnFinancial];

/** The limits of a pack; null when there is none of that name. */
export function statutesOfPack(name: string): Statute[] | null {
  return packs.find((pack) => pack.name === name)?.statutes ?? null;
}
