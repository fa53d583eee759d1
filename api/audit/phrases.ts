import type { ComplaintEvent } from '../../domain/complaint/event.js';
import type { Language } from '../http/language.js';

type Phrase = Record<Language, string>;

/** What happened, as a sentence for staff; `{field}` is taken from the event's data, `{by}` from the event. */
export const phrases: Record<ComplaintEvent['type'], Phrase> = {
  received: { en: 'Received by {channel}, tier {tier}', zh: '通过{channel}受理，级别{tier}' },
  accepted: { en: '{owner} is the first-contact owner', zh: '{owner}成为首问负责人' },
  answered: { en: '{by} answered the customer', zh: '{by}回复了客户' },
  classified: { en: '{by} classified the case', zh: '{by}修改了分类' },
  assigned: { en: '{by} assigned the case to {assignee}', zh: '{by}指派给{assignee}' },
  transferred: { en: 'The case passed to {owner}: {reason}', zh: '首问负责人改为{owner}：{reason}' },
  dispatched: { en: '{department} was asked ({request})', zh: '已派单给{department}（{request}）' },
  planned: { en: 'A plan came for {request}', zh: '{request}已有处理方案' },
  returned: { en: '{request} was returned to the arbiter', zh: '{request}被退回仲裁' },
  paused: { en: 'Paused until {until}: {reason}', zh: '暂停至{until}：{reason}' },
  resumed: { en: 'Resumed: {cause}', zh: '恢复处理：{cause}' },
  heard: { en: 'A message came from the customer', zh: '收到客户来信' },
  resolved: { en: '{by} resolved the case', zh: '{by}给出解决方案' },
  follow_up_attempted: { en: 'Follow-up, attempt {attempt} of {of}', zh: '回访第{attempt}次，共{of}次' },
  followed_up: { en: 'Follow-up answered, satisfied: {satisfied}, score {score}', zh: '回访已答，满意：{satisfied}，评分{score}' },
  reopened: { en: 'Handled again, cycle {cycle}: {cause}', zh: '重新处理，第{cycle}轮：{cause}' },
  unanswered: { en: 'The follow-up stayed without an answer', zh: '回访未获答复' },
  finalized: { en: '{by} gave the final answer', zh: '{by}给出最终答复' },
  withdrawn: { en: 'Withdrawn by {by}', zh: '{by}撤回投诉' },
  attributed: { en: '{by} proposed the responsibility: {nature}', zh: '{by}提出责任认定：{nature}' },
  agreed: { en: '{department} agreed', zh: '{department}同意' },
  contested: { en: '{department} contested', zh: '{department}提出异议' },
  decided: { en: '{by} decided the responsibility: {nature}', zh: '{by}裁定责任：{nature}' },
  investigation_linked: { en: 'Linked to investigation {investigation}', zh: '关联根因分析{investigation}' },
  informed: { en: 'News of investigation {investigation}', zh: '根因分析{investigation}有进展' },
  root_found: { en: 'A root cause was found', zh: '已找到根因' },
  improving: { en: 'A measure was set', zh: '已制定改进措施' },
  verified: { en: 'The improvement was verified', zh: '改进已验证有效' },
  waiver_requested: { en: '{by} asked to close without level 3', zh: '{by}申请免除根因分析' },
  waiver_approved: { en: '{by} approved the waiver', zh: '{by}批准免除' },
  waiver_refused: { en: '{by} refused the waiver', zh: '{by}拒绝免除' },
  extension_requested: { en: '{by} asked to extend {statute} by {extension}', zh: '{by}申请延长{statute}期限：{extension}' },
  extended: { en: '{statute} was extended by {extension}, to {dueAt}', zh: '{statute}期限依{extension}延长至{dueAt}' },
  extension_refused: { en: '{by} refused to extend {statute} by {extension}', zh: '{by}拒绝延长{statute}期限：{extension}' },
  policy_migrated: { en: '{by} put the case under another policy', zh: '{by}将案件迁移至新的政策' },
  clock_warned: { en: '{percent} % of {clock} is used', zh: '{clock}已用{percent}%' },
  clock_breached: { en: '{clock} ran out at {dueAt}', zh: '{clock}于{dueAt}超时' },
  escalated: { en: 'Escalated from {from} to {to}: {cause}', zh: '由{from}级升至{to}级：{cause}' },
  escalation_refused: { en: 'Not escalated: {why}', zh: '未升级：{why}' },
  acknowledged: { en: '{by} acknowledged {escalations}', zh: '{by}确认升级{escalations}' },
  noted: { en: '{by} left a note', zh: '{by}留下备注' },
  closed: { en: 'Closed', zh: '结案' },
};

/** The event as a sentence, followed by the words in it that the reader may read. */
export function sentence(event: ComplaintEvent, language: Language, words: readonly string[]): string {
  const values: Record<string, unknown> = { ...event.data, by: event.by };
  const text = phrases[event.type][language].replace(/\{(\w+)\}/g, (_match, field: string) => told(values[field]));
  return words.length === 0 ? text : `${text}${language === 'zh' ? '：' : ': '}${words.join(' · ')}`;
}

function told(value: unknown): string {
  if (Array.isArray(value)) return value.map(told).join(', ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '–';
}
