import { parseIdentity } from '../../prisma/identity.js';
import type { Complaint } from '../../domain/complaint/state.js';
import { openTo, reachOf, untold, type Reach } from '../access/words.js';
import type { Words } from '../../engine/engine.js';
import type { Deps } from '../deps.js';
import type { Caller } from '../http/caller.js';
import type { CaseRow } from '../records/records.js';
import type { ComplaintView } from './shape.js';
import { complaintView } from './view.js';

type Shown = Pick<CaseRow, 'state' | 'filedBy' | 'tracking' | 'identity'>;

/** What the request that is being answered brought itself: who complains, and words that need not be read again. */
export interface Brought {
  given?: { key?: string | undefined; name?: string | undefined } | undefined;
  words?: readonly Words[];
}

/** Shows cases to a caller, each with the words that this caller may read: one query to the vault, however many cases. */
export function presenter({ records, vault, clock }: Pick<Deps, 'records' | 'vault' | 'clock'>) {
  async function list(caller: Caller, rows: readonly Shown[], { given = {}, words = [] }: Brought = {}): Promise<ComplaintView[]> {
    const brought = new Map(words.map(({ ref, text }) => [ref, text]));
    const reached = rows.map((row) => within(caller, row));
    const open = new Set(reached.flatMap(readable));
    const read = await vault.read([...open].filter((ref) => ref !== null && !brought.has(ref)));
    const say = (ref: string | null): string | null => (ref === null || !open.has(ref) ? null : brought.get(ref) ?? read.get(ref) ?? null);
    const now = clock();
    return Promise.all(reached.map(async ({ reach, state, tracking, identity }) => {
      const hours = await records.hours(state);
      const isFiler = reach.hearing.hears === 'filed';
      const who = isFiler ? given : parseIdentity(say(identity));
      const named = { key: who?.key ?? null, name: who?.name ?? null };
      const seen = isFiler ? { ...state, special: untold(state.special) } : state;
      return complaintView(seen, { say, now, hours, trackingCode: say(tracking), customer: named });
    }));
  }

  return {
    list,
    /**
     * Words of a case for `brought`, read while it is being changed: most of what its answer says stands there before. Never throws:
     * what is not there by then is read with the answer.
     */
    async ahead(caller: Caller, row: Shown): Promise<Words[]> {
      try {
        return [...(await vault.read(readable(within(caller, row))))].flatMap(([ref, text]) => (text === null ? [] : [{ ref, text }]));
      } catch {
        return [];
      }
    },
    /** one case, as it stands in its row or as it stood in `state`; a channel is told of the customer what it has just given */
    async one(caller: Caller, row: Shown, state: Complaint = row.state, brought: Brought = {}): Promise<ComplaintView> {
      const [view] = await list(caller, [{ ...row, state }], brought);
      if (!view) throw new Error('nothing was shown of one case');
      return view;
    },
  };
}

/** A case, and how far somebody reaches into it. */
type Reached = Omit<Shown, 'filedBy'> & { reach: Reach };

function within(caller: Caller, { state, filedBy, tracking, identity }: Shown): Reached {
  return { reach: reachOf(caller, filedBy), state, tracking, identity };
}

/**
 * What may be opened of a case. What is not opened is null in the view. A telephone number leads to whoever had it first, so
 * that a channel that filed under one does not learn whose it is.
 */
function readable({ reach: { hearing, tracks }, state, tracking, identity }: Reached): (string | null)[] {
  return [...openTo(hearing, state), ...(hearing.hears === 'all' ? [identity] : []), ...(tracks ? [tracking] : [])];
}
