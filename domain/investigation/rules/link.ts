import { happen, type Rule } from './rule.js';

/** A complaint joins, also after the conclusion (L3.4). One that is linked already stays so: nothing happens. */
export const link: Rule<'link'> = (course, command, at) => {
  const { complaint } = command.data;
  if (course.state.complaints.includes(complaint)) return undefined;
  return happen(course, command, at, { type: 'linked', data: { complaint } });
};
