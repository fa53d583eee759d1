-- What waits for a recipient of a case, in its order: which is looked at for each that is due, and for each that is counted
CREATE INDEX "delivery_waiting_idx" ON "delivery"("complaint", "recipient", "seq", "kind") WHERE "state" = 'pending';
