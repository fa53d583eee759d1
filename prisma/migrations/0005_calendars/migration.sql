-- Calendars are published in versions, as policies are, and never changed: cases pin them
CREATE TABLE "calendar" (
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "calendar" JSONB NOT NULL,
    "published_by" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "calendar_pkey" PRIMARY KEY ("name","version")
);
