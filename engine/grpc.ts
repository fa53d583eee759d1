import { isGrpcServiceError } from '@temporalio/client';

/** gRPC's status codes that say something here. */
export const grpcStatus = {
  deadlineExceeded: 4, notFound: 5, alreadyExists: 6, permissionDenied: 7, unimplemented: 12, unavailable: 14,
} as const;

/** The status that a call to the engine ended with, also inside an error of the client; null for an error of another kind. */
export function statusIn(error: unknown): number | null {
  const answer = error instanceof Error && !isGrpcServiceError(error) ? error.cause : error;
  return isGrpcServiceError(answer) ? answer.code : null;
}
