import { reconcile, type Orphan } from '../engine/reconciler.js';
import { BUNDLE } from './bundle.js';
import type { CoreConfiguration } from './configuration.js';
import { openParts, reconcilingOf } from './parts.js';

/** Goes once through all that lives, and answers each orphan as it is found. What had only lost its end in the record is mended. */
export async function* reconciled(configuration: CoreConfiguration): AsyncGenerator<Orphan> {
  const parts = openParts({ ...configuration, bundle: BUNDLE });
  try {
    yield* reconcile(reconcilingOf(parts), { betweenMs: 0 });
  } finally {
    await parts.close();
  }
}
