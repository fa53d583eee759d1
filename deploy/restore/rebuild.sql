-- Starts every case that is not closed, and every investigation, anew from the record, in an engine that knows none of them:
--   psql --set ON_ERROR_STOP=1 --file rebuild.sql "$DATABASE_URL"
-- For a namespace that is EMPTY and only for that: a case that the engine still has is left as it is there, however old.
-- What is recorded becomes the input of its workflow, which folds it and decides none of it again; workers then start them at the
-- rate of a backlog. See docs/operations.md, "Backup and restore".

BEGIN;

-- all that lives, or the one of PGOPTIONS='-c threefold.id=…'
CREATE TEMPORARY TABLE living ON COMMIT DROP AS
SELECT i.subject_id AS id FROM intent i
WHERE i.kind = 'start' AND i.subject_id::text = coalesce(nullif(current_setting('threefold.id', true), ''), i.subject_id::text)
  AND NOT EXISTS (SELECT FROM complaint c WHERE c.id = i.subject_id AND c.closed_at IS NOT NULL);
ANALYZE living;

CREATE TEMPORARY TABLE recorded ON COMMIT DROP AS
SELECT l.id, seq, at, by, role, command, type, data FROM living l JOIN event e ON e.complaint = l.id
UNION ALL SELECT l.id, seq, at, by, role, command, type, data FROM living l JOIN investigation_event e ON e.investigation = l.id;

UPDATE intent i
SET state = 'open', done_at = NULL, attempts = 1, lease_until = now(), sent = jsonb_set(i.sent, '{events}', e.events)
FROM (
  SELECT id, jsonb_agg(jsonb_build_object(
    'seq', seq, 'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'by', by, 'role', role, 'command', command,
    'type', type, 'data', data) ORDER BY seq) AS events
  FROM recorded GROUP BY id) e
WHERE i.kind = 'start' AND i.subject_id = e.id;

COMMIT;
