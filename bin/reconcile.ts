import { reconcile, type Orphan } from '../engine/reconciler.js';
import { createVisibility } from '../engine/visibility.js';
import { BUNDLE } from './bundle.js';
import type { CoreConfiguration } from './configuration.js';
import { mendingOf, openParts } from './parts.js';

/** Goes once through all that lives, and answers each orphan as it is found. What had only lost its end in the record is mended. */
export async function* reconciled(configuration: CoreConfiguration): AsyncGenerator<Orphan> {
  const parts = openParts({ ...configuration, bundle: BUNDLE });
  try {
    yield* reconcile({ ...parts, visibility: createVisibility(parts.client), mend: mendingOf(parts) }, { betweenMs: 0 });
  } finally {
    await parts.close();
  }
}
