-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "complaint" (
    "id" UUID NOT NULL,
    "head" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "level" INTEGER NOT NULL,
    "tier" TEXT NOT NULL,
    "type" TEXT,
    "channel" TEXT NOT NULL,
    "department" TEXT,
    "owner" TEXT,
    "customer" UUID NOT NULL,
    "filed_by" TEXT NOT NULL,
    "special" TEXT[],
    "departments" TEXT[],
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "tracking_digest" TEXT NOT NULL,
    "tracking" UUID NOT NULL,
    "history_wanted" BOOLEAN NOT NULL,

    CONSTRAINT "complaint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "complaint" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "command" TEXT,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "event_pkey" PRIMARY KEY ("complaint","seq")
);

-- CreateTable
CREATE TABLE "investigation" (
    "id" UUID NOT NULL,
    "head" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "type" TEXT,
    "opened_by" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "concluded_at" TIMESTAMPTZ(3),
    "history_wanted" BOOLEAN NOT NULL,

    CONSTRAINT "investigation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "investigation_event" (
    "investigation" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "command" TEXT,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "investigation_event_pkey" PRIMARY KEY ("investigation","seq")
);

-- CreateTable
CREATE TABLE "intent" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "caller" TEXT NOT NULL,
    "key_digest" TEXT,
    "body_digest" TEXT,
    "sent" JSONB NOT NULL,
    "opens" JSONB,
    "state" TEXT NOT NULL,
    "version" INTEGER,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "intent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vault_key" (
    "owner" UUID NOT NULL,
    "wrapped" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "destroyed_at" TIMESTAMPTZ(3),

    CONSTRAINT "vault_key_pkey" PRIMARY KEY ("owner")
);

-- CreateTable
CREATE TABLE "words" (
    "ref" UUID NOT NULL,
    "owner" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "intent" TEXT,

    CONSTRAINT "words_pkey" PRIMARY KEY ("ref")
);

-- CreateTable
CREATE TABLE "customer" (
    "id" UUID NOT NULL,
    "key_digest" TEXT,
    "phone_digest" TEXT,
    "email_digest" TEXT,
    "identity" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy" (
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "policy" JSONB NOT NULL,
    "published_by" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_pkey" PRIMARY KEY ("name","version")
);

-- CreateTable
CREATE TABLE "taxonomy" (
    "kind" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "zh" TEXT NOT NULL,
    "en" TEXT NOT NULL,
    "parent" TEXT,
    "position" INTEGER NOT NULL,

    CONSTRAINT "taxonomy_pkey" PRIMARY KEY ("kind","code")
);

-- CreateTable
CREATE TABLE "person" (
    "sub" TEXT NOT NULL,
    "sub_digest" TEXT,
    "roles" TEXT[],
    "department" TEXT,
    "rung" INTEGER,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "person_pkey" PRIMARY KEY ("sub")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "history" (
    "subject" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "json_gzip" BYTEA NOT NULL,
    "events" INTEGER NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "history_pkey" PRIMARY KEY ("subject","id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "complaint" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "ref" UUID,
    "state" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "complaint_tracking_digest_key" ON "complaint"("tracking_digest");

-- CreateIndex
CREATE INDEX "complaint_due_at_id_idx" ON "complaint"("due_at", "id");

-- CreateIndex
CREATE INDEX "complaint_received_at_id_idx" ON "complaint"("received_at", "id");

-- CreateIndex
CREATE INDEX "complaint_status_due_at_id_idx" ON "complaint"("status", "due_at", "id");

-- CreateIndex
CREATE INDEX "complaint_owner_due_at_id_idx" ON "complaint"("owner", "due_at", "id");

-- CreateIndex
CREATE INDEX "complaint_department_due_at_id_idx" ON "complaint"("department", "due_at", "id");

-- CreateIndex
CREATE INDEX "complaint_filed_by_received_at_id_idx" ON "complaint"("filed_by", "received_at", "id");

-- CreateIndex
CREATE INDEX "complaint_customer_received_at_id_idx" ON "complaint"("customer", "received_at", "id");

-- CreateIndex
CREATE INDEX "complaint_departments_idx" ON "complaint" USING GIN ("departments");

-- CreateIndex
CREATE INDEX "complaint_special_idx" ON "complaint" USING GIN ("special");

-- CreateIndex
CREATE INDEX "investigation_opened_at_id_idx" ON "investigation"("opened_at", "id");

-- CreateIndex
CREATE INDEX "investigation_status_opened_at_id_idx" ON "investigation"("status", "opened_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "intent_key_digest_key" ON "intent"("key_digest");

-- CreateIndex
CREATE INDEX "intent_subject_id_kind_idx" ON "intent"("subject_id", "kind");

-- CreateIndex
CREATE INDEX "words_intent_idx" ON "words"("intent");

-- CreateIndex
CREATE INDEX "words_owner_idx" ON "words"("owner");

-- CreateIndex
CREATE UNIQUE INDEX "customer_key_digest_key" ON "customer"("key_digest");

-- CreateIndex
CREATE UNIQUE INDEX "customer_phone_digest_key" ON "customer"("phone_digest");

-- CreateIndex
CREATE UNIQUE INDEX "customer_email_digest_key" ON "customer"("email_digest");

-- CreateIndex
CREATE UNIQUE INDEX "person_sub_digest_key" ON "person"("sub_digest");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_sub_key" ON "api_key"("sub");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_complaint_seq_kind_recipient_key" ON "delivery"("complaint", "seq", "kind", "recipient");

-- AddForeignKey
ALTER TABLE "complaint" ADD CONSTRAINT "complaint_customer_fkey" FOREIGN KEY ("customer") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint" ADD CONSTRAINT "complaint_tracking_fkey" FOREIGN KEY ("tracking") REFERENCES "words"("ref") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_complaint_fkey" FOREIGN KEY ("complaint") REFERENCES "complaint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "investigation_event" ADD CONSTRAINT "investigation_event_investigation_fkey" FOREIGN KEY ("investigation") REFERENCES "investigation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "words" ADD CONSTRAINT "words_owner_fkey" FOREIGN KEY ("owner") REFERENCES "vault_key"("owner") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "words" ADD CONSTRAINT "words_intent_fkey" FOREIGN KEY ("intent") REFERENCES "intent"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer" ADD CONSTRAINT "customer_identity_fkey" FOREIGN KEY ("identity") REFERENCES "words"("ref") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the schema language cannot say: the sweepers look only at what is left to do.
CREATE INDEX "intent_open_idx" ON "intent"("lease_until") WHERE "state" = 'open';
CREATE INDEX "delivery_pending_idx" ON "delivery"("created_at") WHERE "state" = 'pending';
CREATE INDEX "complaint_history_wanted_idx" ON "complaint"("closed_at") WHERE "history_wanted";
CREATE INDEX "investigation_history_wanted_idx" ON "investigation"("concluded_at") WHERE "history_wanted";
