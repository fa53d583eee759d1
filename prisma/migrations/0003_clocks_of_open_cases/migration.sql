-- AlterTable
ALTER TABLE "complaint" ADD COLUMN     "clocks" TEXT;

-- What is there already, as prisma/columns.ts writes it from now on. Processes of the version before leave null: not counted until
-- the case is next recorded.
UPDATE "complaint" SET "clocks" = coalesce((
  SELECT string_agg(o."name" || ':' || o."standing", ' ' ORDER BY (o."name" || ' ' || o."standing") COLLATE "C")
  FROM (
    SELECT c->>'name' AS "name", CASE
      WHEN c->>'breachedAt' IS NOT NULL THEN 'breached'
      WHEN (SELECT e->>'type' FROM jsonb_array_elements(c->'log') WITH ORDINALITY AS l(e, n) WHERE e->>'type' <> 'stop' ORDER BY n DESC LIMIT 1) = 'pause' THEN 'paused'
      WHEN EXISTS (SELECT FROM jsonb_array_elements(c->'warned') AS w WHERE w::text::numeric >= 75) THEN 'due_soon'
      ELSE 'running' END AS "standing"
    FROM jsonb_array_elements("state"->'clocks') AS c WHERE c->>'end' IS NULL) o), '')
WHERE "closed_at" IS NULL;

-- Few distinct values, so the index is small, and counting reads nothing but it.
CREATE INDEX "complaint_clocks_idx" ON "complaint"("clocks") WHERE "closed_at" IS NULL;
