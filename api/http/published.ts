import { PublishedName } from '../../domain/schema.js';
import { z } from '../openapi/zod.js';

/** The path of what is published in versions: its name and which version. */
export const PublishedParams = z.object({ name: PublishedName, version: z.string().regex(/^[1-9]\d{0,8}$/).transform(Number) });

/** What is odd about a version and did not hinder its publishing. */
export const PublishingWarnings = z.array(z.strictObject({ code: z.string(), detail: z.string() }));
