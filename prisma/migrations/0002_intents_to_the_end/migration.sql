-- AlterTable
ALTER TABLE "intent" ADD COLUMN     "attempts" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "attempts" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "done_at" TIMESTAMPTZ(3),
ADD COLUMN     "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "failure" TEXT,
ADD COLUMN     "transport" TEXT;

-- CreateTable
CREATE TABLE "duty" (
    "name" TEXT NOT NULL,
    "holder" UUID NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "duty_pkey" PRIMARY KEY ("name")
);

-- What the schema language cannot say. Processes of the version before may run meanwhile: what they insert gets the defaults, and
-- their sweepers find open intents by the new index as they did by the old.
-- Commands and signals go before starts, each in the order they became due. What has failed often goes by itself.
CREATE INDEX "intent_due_idx" ON "intent"((CASE "kind" WHEN 'start' THEN 1 ELSE 0 END), "lease_until") WHERE "state" = 'open';
CREATE INDEX "intent_stuck_idx" ON "intent"("lease_until") WHERE "state" = 'open' AND "attempts" > 3;
DROP INDEX "intent_open_idx";
CREATE INDEX "delivery_due_idx" ON "delivery"("audience", "due_at") WHERE "state" = 'pending';
-- The reconciler goes through the living ones by their ids.
CREATE INDEX "complaint_living_idx" ON "complaint"("id") WHERE "status" <> 'closed';
