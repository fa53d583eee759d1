import { markdownOf, textOf, type Table } from './figures/table.js';
import type { Machine } from './machine.js';
import type { Section } from './setting.js';

export interface Report {
  machine: Machine;
  sections: readonly Section[];
  /** what has grown over the baseline */
  grown: readonly string[];
  /** what did not work */
  failed: readonly string[];
}

/** The report as a person reads it. */
export function written({ machine, sections, grown, failed }: Report): string {
  return [headOf(machine).join('\n'), ...sections.map(sectionOf), ...list('Grown over the baseline', grown), ...list('Did not work', failed)].join('\n\n');
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:\n${lines.join('\n')}`];
}

/** The same as a document. */
export function documentOf({ machine, sections }: Report): string {
  return `${[headOf(machine).join('  \n'), ...sections.map((section) => told(section, markdownOf))].join('\n\n')}\n`;
}

export function sectionOf(section: Section): string {
  return told(section, textOf);
}

function headOf({ at, system, processors, memoryGiB, load, loopMs, versions, commit }: Machine): string[] {
  return [
    `Threefold at ${commit}, ${at}`,
    `${processors}, ${memoryGiB} GiB, ${system}, load before ${load}, ${loopMs} ms for the fixed loop`,
    Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(' · '),
  ];
}

function told({ title, tables, notes }: Section, form: (table: Table) => string): string {
  return [`## ${title}`, ...tables.map(form), ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')])].join('\n\n');
}
