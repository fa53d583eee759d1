import { importJWK, type JWK } from 'jose';
import { createTransport } from 'nodemailer';
import { discover } from '../verifier.js';
import type { Examined } from './examined.js';
import { ok, reasonOf, warning, wrong, type Finding } from './finding.js';

const PATIENCE_MS = 5000;

/** What is not part of the set-up and has to be there: who signs tokens, and those that messages and traces are handed to. */
export async function checkOutside({ tokens, transports, tracing }: Examined): Promise<Finding[]> {
  const found: Promise<Finding>[] = [];
  if (tokens?.kind === 'oidc') found.push(issuer(tokens.issuer, tokens.algorithm));
  if (transports?.mail) found.push(mailServer(transports.mail.url));
  if (transports?.notices) found.push(reached('notices', transports.notices.url, 'see THREEFOLD_NOTICES_URL'));
  if (tracing) found.push(reached('traces', tracing.endpoint, 'see OTEL_EXPORTER_OTLP_ENDPOINT'));
  const waiting = transports && !transports.mail && !transports.notices ? [noTransport] : [];
  return [...(await Promise.all(found)), ...waiting];
}

const noTransport = warning(
  'messages', 'no transport is set', 'set THREEFOLD_SMTP_URL or THREEFOLD_NOTICES_URL: until then messages wait in the outbox',
);

async function issuer(url: string, algorithm: string): Promise<Finding> {
  const todo = 'see THREEFOLD_OIDC_ISSUER: until it answers no token is taken';
  try {
    const { keys, issuer: named } = await discover(url);
    if (named !== undefined && named !== url) return wrong('OIDC issuer', `${url} calls itself ${named}, and so do its tokens`, 'set THREEFOLD_OIDC_ISSUER to that, to the letter');
    const answer = await fetch(keys, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const found: unknown = answer.ok ? await answer.json() : null;
    const published: unknown[] = typeof found === 'object' && found !== null && 'keys' in found && Array.isArray(found.keys) ? found.keys : [];
    if (published.length === 0) return wrong('OIDC issuer', `${keys.href} publishes no keys`, todo);
    const count = (await Promise.all((published as JWK[]).map((key) => fits(key, algorithm)))).filter(Boolean).length;
    if (count === 0) return wrong('OIDC issuer', `${keys.href} publishes no key for ${algorithm}`, 'set THREEFOLD_OIDC_ALGORITHM to the one that its tokens are signed with');
    return ok('OIDC issuer', `${url} publishes ${count} ${count === 1 ? 'key' : 'keys'} for ${algorithm}; tokens signed with it are taken`);
  } catch (error) {
    return wrong('OIDC issuer', `${url} does not answer as it should: ${reasonOf(error)}`, todo);
  }
}

/** Whether tokens signed with this algorithm may be verified by it: by what it is, and by what it says that it is for. */
async function fits(key: JWK, algorithm: string): Promise<boolean> {
  if ((key.alg ?? algorithm) !== algorithm || (key.use ?? 'sig') !== 'sig') return false;
  return importJWK(key, algorithm).then(() => true, () => false);
}

/** Greets the mail server and logs in; sends nothing. */
async function mailServer(url: string): Promise<Finding> {
  const { host } = new URL(url);
  const transport = createTransport({ url, connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS });
  try {
    await transport.verify();
    return ok('mail server', `${host} takes mail`);
  } catch (error) {
    return wrong('mail server', `${host} takes no mail: ${reasonOf(error)}`, 'see THREEFOLD_SMTP_URL: until then mail waits in the outbox');
  } finally {
    transport.close();
  }
}

/** Whatever it answers to being asked what it takes, it is there. */
async function reached(check: string, url: string, todo: string): Promise<Finding> {
  const { origin } = new URL(url);
  try {
    const answer = await fetch(url, { method: 'OPTIONS', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    await answer.body?.cancel();
    return ok(check, `${origin} answers`);
  } catch (error) {
    return wrong(check, `${origin} does not answer: ${reasonOf(error)}`, todo);
  }
}
