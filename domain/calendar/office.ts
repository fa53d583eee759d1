import type { Interval } from './calendar.js';
import type { PublishedCalendar } from './schema.js';

// Types only from the schema: what is here is data.

const hours: Interval[] = [['09:00', '12:00'], ['13:30', '18:00']];

/**
 * The calendar that every set-up begins with: an office in Shanghai, with the days off and make-up days of the mainland. Those of 2025
 * and 2026 are as announced; of 2027 the days that are off by law (the regulation on public holidays in its version of 2024), to which
 * the make-up days come with the next version, once they are announced.
 */
export const office: Omit<PublishedCalendar, 'version'> = {
  name: 'office',
  zone: 'Asia/Shanghai',
  years: { from: 2025, to: 2027 },
  offsets: [[null, 28_800]],
  zoneTables: '2025b',
  week: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours },
  holidays: [
    ...days('2025', '01-01', '01-28', '01-29', '01-30', '01-31', '02-01', '02-02', '02-03', '02-04', '04-04', '04-05', '04-06', '05-01', '05-02',
      '05-03', '05-04', '05-05', '05-31', '06-01', '06-02', '10-01', '10-02', '10-03', '10-04', '10-05', '10-06', '10-07', '10-08'),
    ...days('2026', '01-01', '01-02', '01-03', '02-15', '02-16', '02-17', '02-18', '02-19', '02-20', '02-21', '02-22', '02-23', '04-04', '04-05',
      '04-06', '05-01', '05-02', '05-03', '05-04', '05-05', '06-19', '06-20', '06-21', '09-25', '09-26', '09-27', '10-01', '10-02', '10-03',
      '10-04', '10-05', '10-06', '10-07'),
    ...days('2027', '01-01', '02-05', '02-06', '02-07', '02-08', '04-05', '05-01', '05-02', '06-09', '09-15', '10-01', '10-02', '10-03'),
  ],
  workdays: Object.fromEntries([
    ...days('2025', '01-26', '02-08', '04-27', '09-28', '10-11'), ...days('2026', '01-04', '02-14', '02-28', '05-09', '09-20', '10-10'),
  ].map((date) => [date, hours])),
  notes: {},
  origin: { library: 'chinese-days', version: '1.5.7', country: 'CN', region: null },
};

function days(year: string, ...dates: string[]): string[] {
  return dates.map((date) => `${year}-${date}`);
}
