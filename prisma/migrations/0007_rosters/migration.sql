-- Who stands at each rung of a department, published in versions as policies and calendars are
CREATE TABLE "roster" (
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "roster" JSONB NOT NULL,
    "published_by" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "roster_pkey" PRIMARY KEY ("name","version")
);
