import { setTimeout as pause } from 'node:timers/promises';
import type { ComplaintCommands } from '../../domain/complaint/command.js';
import type { Share } from '../../domain/complaint/terms.js';
import { instant, plus } from '../../domain/time.js';
import { workflowId } from '../../engine/ids.js';
import { beginMigration } from '../../prisma/policyMigrations.js';
import { word } from '../harness/driver.js';
import { ann, ben, customer, eve, lou, pat, qi, quinn, sam, sue, web } from '../harness/people.js';
import type { Stage } from '../harness/stage.js';
import { until } from '../harness/until.js';

/** What one course through the workflows leaves: the histories to keep. */
export interface Left {
  complaint?: string;
  investigation?: string;
}

type Path = (stage: Stage) => Promise<Left>;

/** Each path of both workflows once, by the name of its files. Their policies are those of tests/workflows/policies.ts. */
export const paths: Record<string, Path> = {
  async 'accepted-answered-resolved-satisfied'(stage) {
    const { id } = await stage.file(web, { policy: 'calm' });
    await stage.command(id, ann, 'accept', { note: word() });
    await stage.command(id, ann, 'answer', { message: word(), parts: null });
    await resolve(stage, id);
    await stage.command(id, customer, 'followUp', { satisfied: true, score: 5, comment: null });
    return { complaint: id };
  },

  async 'resolved-in-the-first-task'(stage) {
    await stage.stopWorker();
    const { id } = await stage.filed(ann, { policy: 'calm' });
    const resolved = resolve(stage, id);
    await until(async () => (await stage.parts.database.client.intent.count({ where: { subject_id: id, name: 'resolve' } })) === 1, 'the command');
    await pause(500);
    await stage.startWorker();
    await resolved;
    await until(async () => (await stage.parts.database.client.delivery.count({ where: { complaint: id, kind: 'follow_up_attempted' } })) === 1, 'the question');
    await stage.command(id, customer, 'followUp', { satisfied: true, score: 5, comment: null });
    return { complaint: id };
  },

  async 'told-past-a-lost-case'(stage) {
    const [lost, other] = [await stage.file(ann, { policy: 'calm' }), await stage.file(ann, { policy: 'calm' })];
    const investigation = await stage.open(quinn);
    for (const { id } of [lost, other]) await stage.link(id, investigation, quinn);
    await stage.parts.client.workflow.getHandle(workflowId('complaint', lost.id)).terminate();
    await root(stage, investigation);
    await stage.recorded(other.id, 'informed');
    await added(stage, investigation, 'c1', plus(instant(Date.now()), 3_600_000));
    await until(async () => (await stage.events(other.id)).filter(({ type }) => type === 'informed').length === 2, 'the measure');
    return { investigation };
  },

  async unanswered(stage) {
    const { id } = await stage.file(ann, { policy: 'hasty' });
    await resolve(stage, id);
    await stage.recorded(id, 'unanswered');
    return { complaint: id };
  },

  async 'dissatisfied-handled-again'(stage) {
    const { id } = await stage.file(ann, { policy: 'calm' });
    await resolve(stage, id);
    await stage.command(id, ben, 'followUp', { satisfied: false, score: 1, comment: word() });
    await stage.command(id, ann, 'answer', { message: word(), parts: word() });
    await resolve(stage, id);
    await stage.command(id, customer, 'followUp', { satisfied: true, score: 4, comment: null });
    return { complaint: id };
  },

  async finalized(stage) {
    const { id } = await stage.file(ann, { policy: 'calm' });
    for (let cycle = 1; cycle < 3; cycle += 1) {
      await resolve(stage, id);
      await stage.command(id, customer, 'followUp', { satisfied: false, score: null, comment: null });
    }
    await stage.command(id, sam, 'finalize', { message: word(), parts: word(), externalRoute: word() });
    return { complaint: id };
  },

  async 'withdrawn-retracted'(stage) {
    const { id } = await stage.file(web, { policy: 'calm' });
    await stage.command(id, customer, 'withdraw', { reason: word(), message: null });
    await stage.command(id, customer, 'retractWithdrawal', {});
    await stage.command(id, ann, 'accept', { note: null });
    return { complaint: id };
  },

  async 'paused-resumed-by-message'(stage) {
    const id = await answered(stage);
    await stage.command(id, ann, 'pause', { reason: 'customer_information', note: word() });
    await stage.command(id, web, 'hear', { text: word(), receivedAt: null });
    await stage.command(id, ann, 'pause', { reason: 'customer_availability', note: null });
    await stage.command(id, ann, 'resume', {});
    return { complaint: id };
  },

  async 'paused-resumed-by-limit'(stage) {
    const id = await answered(stage, 'hasty');
    await stage.command(id, ann, 'pause', { reason: 'customer_information', note: null });
    await stage.recorded(id, 'resumed');
    return { complaint: id };
  },

  async 'dispatched-planned'(stage) {
    const { id } = await stage.file(ann, { policy: 'calm', department: 'logistics' });
    await stage.command(id, ann, 'dispatch', { department: 'logistics', text: word() });
    await stage.command(id, lou, 'plan', { request: 'r1', plan: word() });
    await resolve(stage, id);
    return { complaint: id };
  },

  async 'returned-redispatched'(stage) {
    const { id } = await stage.file(ann, { policy: 'calm' });
    await stage.command(id, ann, 'dispatch', { department: 'logistics', text: word() });
    await stage.command(id, lou, 'return', { request: 'r1', reason: word() });
    await stage.command(id, sue, 'dispatch', { department: 'production', text: word() });
    await stage.command(id, pat, 'plan', { request: 'r2', plan: word() });
    return { complaint: id };
  },

  async 'breached-climbed-acknowledged'(stage) {
    const { id } = await stage.file(web, { policy: 'hasty' });
    await stage.recorded(id, 'escalated', 3);
    await stage.command(id, sam, 'acknowledge', {});
    return { complaint: id };
  },

  async 'urgent-classified-assigned-transferred'(stage) {
    const { id } = await stage.file(web, { policy: 'calm', flags: { mediaThreat: true } });
    await stage.command(id, ann, 'accept', { note: null });
    await stage.command(id, ann, 'classify', { changes: { flags: { personalSafety: true }, emotion: 5 }, reason: word() });
    await stage.command(id, sue, 'assign', { assignee: 'ben', reason: word() });
    await stage.command(id, sue, 'transfer', { owner: 'ben', reason: 'absence' });
    await stage.command(id, sue, 'classify', { changes: { tier: 'general' }, reason: word() });
    await stage.command(id, ben, 'note', { text: word() });
    return { complaint: id };
  },

  async 'signal-taken-and-refused'(stage) {
    const { id } = await stage.file(ann, { policy: 'calm' });
    await stage.escalate(id, ben);
    await stage.escalate(id, ann, 1);
    await stage.escalate(id, sue, 1);
    await stage.escalate(id, customer);
    await stage.command(id, sue, 'acknowledge', {});
    return { complaint: id };
  },

  async 'limit-extended'(stage) {
    const { id } = await stage.file(ann, { policy: 'bank' });
    await stage.command(id, ann, 'extend', { statute: null, extension: 'complex', reason: word() });
    await stage.command(id, ann, 'extend', { statute: 'cn-financial', extension: 'approved', reason: word() });
    await stage.command(id, eve, 'refuseExtension', { statute: null, reason: word() });
    await stage.command(id, ann, 'extend', { statute: 'cn-financial', extension: 'approved', reason: word() });
    await stage.command(id, eve, 'approveExtension', { statute: 'cn-financial' });
    return { complaint: id };
  },

  async 'policy-migrated'(stage) {
    const { id } = await stage.file(ann, { policy: 'before' });
    const target = { policy: { name: 'desk', version: 1 }, calendars: { office: 1 } };
    await beginMigration(stage.parts.database, { ...target, from: { name: 'before', version: null }, by: 'ada' }, null);
    await stage.recorded(id, 'policy_migrated');
    await stage.command(id, sue, 'classify', { changes: { tier: 'urgent' }, reason: word() });
    return { complaint: id };
  },

  async waived(stage) {
    const id = await decided(stage);
    await stage.command(id, sue, 'waive', { reason: word() });
    await stage.command(id, sam, 'refuseWaiver', { reason: word() });
    await stage.command(id, sue, 'waive', { reason: word() });
    await stage.command(id, sam, 'approveWaiver', {});
    return { complaint: id };
  },

  async 'investigated-verified-closed'(stage) {
    const id = await decided(stage);
    const investigation = await stage.open(quinn);
    await stage.link(id, investigation, quinn);
    await root(stage, investigation);
    await stage.recorded(id, 'root_found');
    await measure(stage, investigation, 'm1');
    await stage.recorded(id, 'improving');
    await stage.investigate(investigation, qi, 'verdict', { measure: 'm1', effective: true, note: word() });
    await stage.investigate(investigation, quinn, 'conclude', {});
    return { complaint: id, investigation };
  },

  async 'verdict-kept-until-level-3-opens'(stage) {
    const id = await satisfied(stage);
    const investigation = await stage.open(quinn);
    await stage.investigate(investigation, quinn, 'link', { complaint: id, receivedAt: instant(Date.now()) });
    await stage.command(id, quinn, 'investigate', { investigation });
    await root(stage, investigation);
    await measure(stage, investigation, 'm1');
    await stage.investigate(investigation, qi, 'verdict', { measure: 'm1', effective: true, note: word() });
    await stage.investigate(investigation, quinn, 'conclude', {});
    await until(async () => (await stage.events(id)).some((event) => event.type === 'informed' && event.data.verifiedAt !== null), 'the verdict');
    await attributed(stage, id);
    await stage.command(id, lou, 'agree', { reason: null });
    await stage.command(id, sam, 'decide', upheld());
    return { complaint: id, investigation };
  },

  async contested(stage) {
    const id = await satisfied(stage);
    await attributed(stage, id);
    await stage.command(id, lou, 'contest', { reason: word() });
    await stage.command(id, sam, 'decide', { ...upheld(), upheld: false, nature: 'process', shares: [all('production')] });
    return { complaint: id };
  },

  async 'no-fault'(stage) {
    const id = await satisfied(stage);
    await stage.command(id, quinn, 'attribute', { nature: 'force_majeure', shares: [], note: word() });
    await stage.command(id, sue, 'decide', upheld());
    return { complaint: id };
  },

  async 'ineffective-then-effective'(stage) {
    const id = await decided(stage);
    const investigation = await stage.open(quinn);
    await stage.link(id, investigation, quinn);
    await stage.investigate(investigation, quinn, 'cause', { category: 'people', text: word(), whys: [] });
    await stage.investigate(investigation, quinn, 'why', { cause: 'c1', text: word() });
    await stage.investigate(investigation, quinn, 'finding', { cause: 'c1', root: false, note: word() });
    await root(stage, investigation, 'c2');
    await measure(stage, investigation, 'm1', 'c2');
    await stage.investigate(investigation, qi, 'verdict', { measure: 'm1', effective: false, note: word() });
    await measure(stage, investigation, 'm2', 'c2');
    await stage.investigate(investigation, qi, 'verdict', { measure: 'm2', effective: true, note: word() });
    await stage.investigate(investigation, quinn, 'conclude', {});
    await stage.recorded(id, 'closed');
    return { complaint: id, investigation };
  },

  async 'reopened-by-a-later-complaint'(stage) {
    const id = await decided(stage);
    const investigation = await stage.open(quinn);
    await stage.link(id, investigation, quinn);
    await root(stage, investigation);
    await measure(stage, investigation, 'm1', 'c1');
    await stage.investigate(investigation, qi, 'verdict', { measure: 'm1', effective: true, note: word() });
    await stage.investigate(investigation, quinn, 'conclude', {});
    await stage.recorded(id, 'closed');
    const later = await decided(stage);
    await stage.link(later, investigation, quinn);
    await stage.recorded(investigation, 'reopened');
    await measure(stage, investigation, 'm2', 'c1');
    await stage.investigate(investigation, qi, 'verdict', { measure: 'm2', effective: true, note: word() });
    await stage.investigate(investigation, quinn, 'conclude', {});
    await stage.recorded(later, 'closed');
    return { complaint: later, investigation };
  },

  async 'measure-overdue'(stage) {
    const investigation = await stage.open(quinn);
    await root(stage, investigation);
    await added(stage, investigation, 'c1', plus(instant(Date.now()), 3000));
    await stage.recorded(investigation, 'measure_overdue');
    await stage.investigate(investigation, lou, 'done', { measure: 'm1', note: word() });
    return { investigation };
  },

  async 'repeat-with-inherited-owner'(stage) {
    const earlier = await stage.file(ann, { policy: 'calm' });
    const { id } = await stage.file(web, { policy: 'calm', repeatOf: earlier.id, owner: 'ann', ownerDepartment: null, receivedAt: plus(earlier.receivedAt, -1000) });
    await stage.command(id, ann, 'answer', { message: word(), parts: null });
    return { complaint: id };
  },
};

/** As `paths`, on a server that lets a run end after few events. */
export const longPaths: Record<string, Path> = {
  async 'continued'(stage) {
    const id = await satisfied(stage);
    const investigation = await stage.open(quinn);
    await stage.link(id, investigation, quinn);
    await root(stage, investigation);
    for (const subject of ['complaint', 'investigation'] as const) {
      const other = subject === 'complaint' ? id : investigation;
      while (((await stage.parts.histories.runs(subject, other))?.length ?? 0) < 2) {
        if (subject === 'complaint') await stage.command(id, ann, 'note', { text: word() });
        else await stage.investigate(investigation, quinn, 'why', { cause: await candidate(stage, investigation), text: word() });
      }
    }
    await stage.escalate(id, sue);
    await attributed(stage, id);
    await measure(stage, investigation, 'm1');
    return { complaint: id, investigation };
  },
};

async function candidate(stage: Stage, investigation: string): Promise<string> {
  const { causes } = await stage.investigate(investigation, quinn, 'cause', { category: 'people', text: word(), whys: [] });
  return causes.at(-1)?.id ?? '';
}

async function answered(stage: Stage, policy = 'calm'): Promise<string> {
  const { id } = await stage.file(ann, { policy });
  await stage.command(id, ann, 'answer', { message: word(), parts: null });
  return id;
}

async function resolve(stage: Stage, id: string): Promise<void> {
  await stage.command(id, ann, 'resolve', { solution: word(), message: null, agreed: true, cost: 10, reason: null });
}

async function satisfied(stage: Stage): Promise<string> {
  const id = await answered(stage);
  await resolve(stage, id);
  await stage.command(id, customer, 'followUp', { satisfied: true, score: 5, comment: null });
  return id;
}

async function attributed(stage: Stage, id: string): Promise<void> {
  await stage.command(id, sue, 'attribute', { nature: 'process', shares: [all('logistics')], note: word() });
}

async function decided(stage: Stage): Promise<string> {
  const id = await satisfied(stage);
  await attributed(stage, id);
  await stage.command(id, lou, 'agree', { reason: null });
  await stage.command(id, sam, 'decide', upheld());
  return id;
}

function upheld(): ComplaintCommands['decide'] {
  return { upheld: true, nature: null, shares: null, handling: word(), note: word() };
}

function all(department: string): Share {
  return { department, person: null, percent: 100, conduct: 'ordinary', evidence: null };
}

async function root(stage: Stage, investigation: string, cause = 'c1'): Promise<void> {
  await stage.investigate(investigation, quinn, 'cause', { category: 'method', text: word(), whys: [word(), word(), word()] });
  await stage.investigate(investigation, quinn, 'finding', { cause, root: true, note: word() });
}

async function added(stage: Stage, investigation: string, cause: string, dueAt: string): Promise<void> {
  const goal = { metric: word(), baseline: 10, target: 2, direction: 'down' as const };
  await stage.investigate(investigation, quinn, 'measure', { cause, text: word(), owner: 'lou', dueAt, goal, observeDays: 0 });
}

/** A measure that is done and has a reading which meets its goal. */
async function measure(stage: Stage, investigation: string, id: string, cause = 'c1'): Promise<void> {
  await added(stage, investigation, cause, plus(instant(Date.now()), 3_600_000));
  await stage.investigate(investigation, lou, 'done', { measure: id, note: null });
  await pause(5);
  await stage.investigate(investigation, quinn, 'reading', { measure: id, value: 1, takenAt: null });
}
