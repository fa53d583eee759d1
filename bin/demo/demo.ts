import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { PublishedPolicy } from '../../domain/policy/schema.js';
import { openDatabase } from '../../prisma/database.js';
import type { CoreConfiguration } from '../configuration.js';
import type { Say } from '../embedded/progress.js';
import { readPrivateKey } from '../keys.js';
import { castOf } from './cast.js';
import { checked, listed } from './check.js';
import { drive } from './drive.js';
import { createHttp, type Http } from './http.js';
import { outcomeOf, type Outcome } from './outcome.js';
import { enter, personNames } from './people.js';
import { rehearsalPolicy } from './policy.js';
import { replayAll } from './replays.js';
import { rowsOf } from './rows.js';

export interface Demo {
  /** where the API answers */
  api: string;
  /** file of the key that signs the set-up's tokens */
  tokenKey: string;
  configuration: CoreConfiguration;
  say: Say;
}

/** Drives the complaints of the CSV through all three levels over HTTP, replays them, and answers what they came to. */
export async function demo({ api, tokenKey, configuration, say }: Demo): Promise<Outcome> {
  const database = openDatabase({ url: configuration.databaseUrl, poolSize: 1 });
  try {
    const started = stopwatch();
    const { bearers, leave } = await enter(readPrivateKey(tokenKey), database);
    const stage = { http: createHttp(api, bearers), policy: { name: rehearsalPolicy.name, version: 0 } };
    await signIn(stage.http);
    stage.policy.version = await publish(stage.http);
    say(`Policy ${stage.policy.name} version ${stage.policy.version} is published.`);

    const since = new Date().toISOString();
    const parts = castOf(rowsOf(readFileSync(new URL('./complaints.zh.csv', import.meta.url), 'utf8')));
    const played = await drive(parts, stage, say);
    const handling = started.lap();
    const ended = await checked(played, stage);
    const investigations = [...new Set(ended.flatMap(({ view }) => view?.investigation ?? []))];
    const failures = [...(await listed(ended, stage, since)), ...(investigations.length === 1 ? [] : [`expected one investigation, there are ${investigations.length}`])];
    const checking = started.lap();
    const replays = await replayAll({ played: ended, investigations }, stage, configuration, say);
    const replaying = started.lap();
    await leave();
    const seconds = { handling, checking, replaying, total: handling + checking + replaying };
    return outcomeOf({ api, policy: stage.policy, ended, investigations, replays, failures, seconds });
  } finally {
    await database.close();
  }
}

/** People exist once they were seen in a token; only then can somebody be named. */
async function signIn(http: Http): Promise<void> {
  for (const as of personNames) await http.ask({ as, path: '/v1/policies/current', shape: z.unknown() });
}

/** Each run publishes a version of its own. */
async function publish(http: Http): Promise<number> {
  const published = await http.ask({ as: 'adm', path: '/v1/policies', status: 201, body: rehearsalPolicy, shape: PublishedPolicy.loose() });
  return published.version;
}

/** Seconds since the lap before. */
function stopwatch(): { lap(): number } {
  let from = Date.now();
  return {
    lap() {
      const seconds = (Date.now() - from) / 1000;
      from = Date.now();
      return seconds;
    },
  };
}
