import type { ComplaintCommands, CommandName, Filing } from '../domain/complaint/command.js';
import type { Complaint } from '../domain/complaint/state.js';
import type { Actor } from '../domain/event.js';
import type { InvestigationCommandName, InvestigationCommands } from '../domain/investigation/command.js';
import type { Investigation } from '../domain/investigation/state.js';
import type { Refusal } from '../domain/refusal.js';
import type { Standing } from '../prisma/cases.js';
import type { ComplaintRow } from '../prisma/complaints.js';

/** What a repeated POST is known by; both are keyed digests, so that neither key nor body can be read or guessed. */
export interface IdempotencyKey {
  /** of the key, within its caller and path */
  digest: string;
  /** of the canonical body */
  body: string;
}

/** Words on their way into the vault, under the random reference by which everything else knows them. */
export interface Words {
  ref: string;
  text: string;
}

/** Who complains, as somebody wrote it down. */
export interface Identity {
  key?: string | undefined;
  name?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  address?: string | undefined;
  handle?: string | undefined;
  important?: boolean | undefined;
}

interface Request {
  actor: Actor;
  words: Words[];
  key: IdempotencyKey | null;
}

interface CommandRequest<Subject extends string, Name, Data> extends Request {
  subject: Subject;
  id: string;
  name: Name;
  data: Data;
  /** whose key in the vault the words are sealed with: the customer's or the investigation's id */
  owner: string;
  /** the version the caller saw; 0 for a tag that no version has; null where any will do */
  ifMatch: number | null;
}

/** What came of an intake: its row, and the words that the vault has got with it beside those of the request. */
export interface Filed extends Done<Complaint> {
  trackingCode: string;
  row: ComplaintRow;
  said: Words[];
}

/** An investigation that comes into being if the command that names it is accepted (`investigate` with a title). */
export interface Opening {
  id: string;
  data: { title: string; type: string | null };
  /** sealed with the investigation's own key */
  words: Words[];
}

/** A command on a complaint; `escalate` and the investigation's own `inform` are not among them. */
export type ComplaintRequest<Name extends CommandName = CommandName> = CommandRequest<'complaint', Name, ComplaintCommands[Name]> & {
  opens?: Opening;
  /** where the caller saw it stand: spares reading the row again, and what has happened since is found out all the same */
  seen?: Standing<'complaint'>;
  /** called once the engine has been asked: what the caller can do while it works */
  meanwhile?: () => void;
};

export type InvestigationRequest<Name extends InvestigationCommandName = InvestigationCommandName> = CommandRequest<
  'investigation',
  Name,
  InvestigationCommands[Name]
>;

export interface IntakeRequest extends Request {
  /** whom to look for, or the customer of the case that this one repeats */
  customer: Identity | { id: string };
  /** null: the current one; without a version: the latest of that name */
  policy: { name: string; version: number | null } | null;
  filing: Omit<Filing, 'complaint' | 'customer' | 'important' | 'policy'>;
}

export interface OpenInvestigationRequest extends Request {
  data: { title: string; type: string | null };
  /**
   * complaints that it begins with: the `investigate` of each is written down with the opening, and is done as soon as the engine
   * answers. One that the case refuses by then (closed, linked elsewhere) is left out
   */
  complaints: string[];
}

export interface EscalateRequest extends Request {
  id: string;
  owner: string;
  data: { reason: string; to: number | null };
}

export interface Done<State> {
  version: number;
  state: State;
  /** the key was used before, and this is the answer as it was then */
  repeated: boolean;
}

export type Outcome<T> = { refusal: Refusal } | T;

/**
 * The way into the engine. Refusals come back; everything that is nobody's decision is thrown: `OutcomeUnknown`, `EngineAway`,
 * `KeyReused` (engine/failure.ts).
 */
export interface Engine {
  /** Intent, one update, outcome (docs/architecture.md). */
  command<Name extends CommandName>(request: ComplaintRequest<Name>): Promise<Outcome<Done<Complaint>>>;
  command<Name extends InvestigationCommandName>(request: InvestigationRequest<Name>): Promise<Outcome<Done<Investigation>>>;

  /** One transaction; the start is kicked off after the commit. Never waits for the engine. */
  intake(request: IntakeRequest): Promise<Outcome<Filed>>;

  /** One transaction; its complaints are waited for shortly, and the answer names those that are linked by then. */
  openInvestigation(request: OpenInvestigationRequest): Promise<Outcome<Done<Investigation>>>;

  /** The signal; answers once it is taken, not once it is decided. `closed` is a refusal. */
  escalate(request: EscalateRequest): Promise<Outcome<{ id: string; at: string; repeated: boolean }>>;
}
