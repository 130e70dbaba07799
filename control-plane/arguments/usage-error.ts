/** A mistake in the command line or in a setting; its message is all that a person needs. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}
