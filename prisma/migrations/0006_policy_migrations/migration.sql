-- Open cases put under another policy: who asked for it, and how far the asking of the cases has come
CREATE TABLE "policy_migration" (
    "id" UUID NOT NULL,
    "policy" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "calendars" JSONB NOT NULL,
    "from_policy" TEXT,
    "from_version" INTEGER,
    "by" TEXT NOT NULL,
    "key_digest" TEXT,
    "body_digest" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "cursor" UUID,
    "asked" INTEGER NOT NULL DEFAULT 0,
    "asked_all_at" TIMESTAMPTZ(3),

    CONSTRAINT "policy_migration_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "policy_migration_key_digest_key" ON "policy_migration"("key_digest");

-- What the schema language cannot say. There are never many that have not asked all their cases
CREATE INDEX "policy_migration_open_idx" ON "policy_migration"("created_at") WHERE "asked_all_at" IS NULL;
-- What has been asked of cases, by migration, and what is open of it: among all intents there are few
CREATE INDEX "intent_migration_idx" ON "intent"(("sent"->'command'->'data'->>'migration'), "state") WHERE "name" = 'migrate';
CREATE INDEX "intent_migrating_idx" ON "intent"("subject_id") WHERE "name" = 'migrate' AND "state" = 'open';
