/**
 * One hash for keys, exchanges and key groups. Read {@link io.millrace.memory.hash.Hashing}.
 *
 * <p>State that lies on disk depends on these hashes, so they never change; a new one would be a new class beside this.
 * Stateless, any thread.
 */
package io.millrace.memory.hash;
