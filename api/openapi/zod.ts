import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

// Schemas carry their name in the OpenAPI document; the method for that must be there before any schema is made.
extendZodWithOpenApi(z);

export { z };
