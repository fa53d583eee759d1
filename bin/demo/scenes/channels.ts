import { expect } from '../case.js';
import type { Path } from '../path.js';
import { channelKeys, type ChannelKey } from '../people.js';
import type { Row } from '../rows.js';
import { words } from '../words.js';
import { answer, isFrontLine, resolve } from './service.js';

const keyOf = (row: Pick<Row, 'channel'>): ChannelKey | undefined => channelKeys.find((name) => name === row.channel);

/** A channel files with its own key, and cannot choose a policy: the current one holds. Its case waits for somebody to accept it. */
const filedByChannels: Path = {
  name: 'channels',
  title: 'Filed by a channel, under the current policy',
  cases: 4,
  fits: (row) => isFrontLine(row) && keyOf(row) !== undefined,
  filedBy: (row) => keyOf(row) ?? 'web',
  async play(one) {
    const key = keyOf(one.filed) ?? 'web';
    expect(one.filed.owner === null && one.filed.tracks.customer === 'received', one, 'what a channel files waits for an owner');
    await one.does(one.agent, 'accept');
    await one.does(one.agent, 'classify', { emotion: 4, demand: { stated: '退款', core: '尊重', expected: '当天回复' }, reason: words.request });
    await answer(one);
    await one.does(key, 'hear', { text: words.more });
    await resolve(one);
    await one.does('quinn', 'follow-up', { satisfied: true, score: 7 });
    expect((await one.read(key)).text === one.filed.text, one, 'a channel reads what it filed');
  },
  ends: { status: 'resolved', customer: 'satisfied', responsibility: 'open' },
};

export const channels: readonly Path[] = [filedByChannels];
