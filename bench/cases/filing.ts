import { randomInt, randomUUID } from 'node:crypto';

const TEXT = '包裹送到时外箱已经破损，里面的杯子碎了两个。我当天就联系了客服，对方说会在二十四小时内回复，可是到现在已经过去三天，没有任何人跟我联系。我希望尽快补发，并说明以后如何避免。';

/** A complaint of a customer who has never complained, as a channel files it: the dearest kind, since a customer comes with it. */
export function filing(): object {
  return {
    channel: 'web',
    customer: { key: `BENCH-${randomUUID()}`, name: '王小明', phone: `+86 139 ${randomInt(1e7, 1e8)}` },
    text: TEXT,
    type: 'logistics',
    department: 'logistics',
    demand: { expected: '补发两个杯子' },
  };
}
