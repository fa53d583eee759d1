import type { ComplaintCommands, CommandName } from '../../domain/complaint/command.js';
import type { Role } from '../../domain/event.js';
import type { Done, Opening, Outcome, Words } from '../../engine/engine.js';
import type { Complaint } from '../../domain/complaint/state.js';
import { finder } from '../complaints/find.js';
import { presenter } from '../complaints/show.js';
import type { Deps } from '../deps.js';
import { actorOf, type Caller } from '../http/caller.js';
import { ifMatch } from '../http/conditional.js';
import { idempotencyKey } from '../http/idempotency.js';
import type { Call, Reply } from '../http/route.js';
import { Problem } from '../problem/problem.js';
import type { CaseRow } from '../records/records.js';

export type CommandCall<Body> = Call<{ id: string }, unknown, Body, CaseRow>;

/** What a command sends, once its body is unpacked. */
export interface Load<Name extends CommandName> {
  name: Name;
  data: ComplaintCommands[Name];
  words: Words[];
  opens?: Opening;
}

/** What came of it, with the words of the case that are known by then. */
interface Sent {
  done: Outcome<Done<Complaint>>;
  words: Words[];
}

/** How a command on a case goes through, from its call to its answer. */
export function commander(deps: Deps) {
  const { engine, vault } = deps;
  const show = presenter(deps);

  /** Sends it; a refusal comes back for who wants to look at it. What stands in the case before is read while the engine works. */
  async function send<Name extends CommandName>(call: CommandCall<unknown>, { name, data, words, opens }: Load<Name>): Promise<Sent> {
    const { caller, subject, request } = call;
    let ahead: Words[] = [];
    const done = await engine.command<Name>({
      subject: 'complaint', id: subject.state.id, actor: actorOf(caller, allowed(call)), name, data, words, owner: subject.state.customer,
      key: idempotencyKey(request, caller.sub, vault.digest), ifMatch: ifMatch(request.get('If-Match'), subject.state.version),
      seen: subject,
      meanwhile: () => void show.ahead(caller, subject).then((read) => { ahead = read; }),
      ...(opens ? { opens } : {}),
    });
    return { done, words: [...words, ...ahead] };
  }

  async function answer({ caller, subject }: { caller: Caller; subject: CaseRow }, { done, words }: Sent): Promise<Reply> {
    if ('refusal' in done) throw Problem.refused(done.refusal);
    return { status: 200, body: await show.one(caller, subject, done.state, { words }), version: done.version };
  }

  return { find: finder(deps), send, answer };
}

/** The role that the route let the caller in by. */
export function allowed({ role }: { role: Role | null }): Role {
  if (role === null) throw new Error('a route of a case is never public');
  return role;
}
