/** What staff and customers say in the demo. */
export const words = {
  sorry: '您好，非常抱歉给您带来不便，我们已安排专人核实处理。',
  again: '您好，再次向您致歉，我们已重新核查并调整了处理方案。',
  solution: '已为您办理退换并补偿代金券。',
  betterSolution: '已为您全额退款，并由主管当面致歉。',
  request: '请核实情况并给出处理方案。',
  plan: '已核实，三日内更换产品并上门致歉。',
  notOurs: '经核实，不属于本部门职责范围。',
  more: '补充一下：订单里的收货人是我家人。',
  thanks: '处理得可以，谢谢。',
  notThanks: '还是没有解决我的问题。',
  hurry: '一直没有人联系我，请主管处理。',
  help: '客户情绪激动，请主管协助。',
  leave: '我自己已经解决了，不再追究。',
} as const;
