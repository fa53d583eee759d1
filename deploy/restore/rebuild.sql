-- Starts every case that is not closed, and every investigation, anew from the record, in an engine that knows none of them:
--   psql --set ON_ERROR_STOP=1 --file rebuild.sql "$DATABASE_URL"
-- For a namespace that is EMPTY and only for that: a case that the engine still has is left as it is there, however old.
-- What is recorded becomes the input of its workflow, which folds it and decides none of it again; workers then start them at the
-- rate of a backlog. The start of a case reads its events by itself, that of an investigation has them in its intent. See
-- docs/operations.md, "Backup and restore".

BEGIN;

-- all that lives, or the one of PGOPTIONS='-c threefold.id=…'
CREATE TEMPORARY TABLE living ON COMMIT DROP AS
SELECT i.subject_id AS id FROM intent i
WHERE i.kind = 'start' AND i.subject_id::text = coalesce(nullif(current_setting('threefold.id', true), ''), i.subject_id::text)
  AND NOT EXISTS (SELECT FROM complaint c WHERE c.id = i.subject_id AND c.closed_at IS NOT NULL);
ANALYZE living;

UPDATE intent i
SET state = 'open', done_at = NULL, attempts = 1, lease_until = now()
FROM living l
WHERE i.kind = 'start' AND i.subject_id = l.id;

UPDATE intent i
SET sent = jsonb_set(i.sent, '{events}', e.events)
FROM (
  SELECT l.id, jsonb_agg(jsonb_build_object(
    'seq', seq, 'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'by', by, 'role', role, 'command', command,
    'type', type, 'data', data) ORDER BY seq) AS events
  FROM living l JOIN investigation_event n ON n.investigation = l.id GROUP BY l.id) e
WHERE i.kind = 'start' AND i.subject_id = e.id;

COMMIT;
