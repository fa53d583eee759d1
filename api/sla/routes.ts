import { resolve } from '../../calendars/resolve.js';
import { yearsOf } from '../../calendars/years.js';
import type { Calendar } from '../../domain/calendar/calendar.js';
import type { CalendarHours } from '../../domain/calendar/schema.js';
import { SimulateRequest, SimulateResponse } from '../../domain/sla/schema.js';
import { simulate } from '../../domain/sla/simulate.js';
import { declare, plain } from '../http/declare.js';
import type { Route } from '../http/route.js';
import { pathOf, Problem } from '../problem/problem.js';

/** A clock tried out: budget, ledger and an instant in, what it shows out. Nothing is kept, so there is nothing to repeat. */
export const slaRoutes: Route[] = [
  declare({
    ...plain, method: 'post', path: '/v1/sla/simulate', tag: 'sla', access: 'everybody', summary: 'Read a clock at an instant',
    body: SimulateRequest,
    answers: { 200: { description: 'What the clock shows', schema: SimulateResponse } },
    act: ({ body }) => ({ status: 200, body: read(body) }),
  }),
];

/** Throws 422 when there is no such calendar, or when it does not cover what would have to be known. */
function read(request: SimulateRequest): SimulateResponse {
  const calendar = request.calendar && resolved(request.calendar, [request.start, request.now]);
  const shown = simulate(request, calendar);
  if (shown) return shown;
  const { from = 0, to = 0 } = calendar?.years ?? {};
  throw Problem.field([{ path: 'calendar.years', message: `are ${from} to ${to}, and start, now or the due date lie outside: name the years that these hours hold for` }]);
}

function resolved(hours: CalendarHours, instants: readonly string[]): Calendar {
  const found = resolve(hours, yearsOf(hours, instants));
  if ('calendar' in found) return found.calendar;
  const { path, message } = found.fault;
  throw Problem.field([{ path: pathOf(['calendar', ...path]), message }]);
}
