-- CreateIndex
CREATE INDEX "complaint_type_received_at_id_idx" ON "complaint"("type", "received_at", "id");

-- CreateIndex
CREATE INDEX "complaint_owner_received_at_id_idx" ON "complaint"("owner", "received_at", "id");
