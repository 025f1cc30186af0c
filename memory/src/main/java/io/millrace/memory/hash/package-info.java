/** One hash for keys, exchanges and key groups. Read {@link io.millrace.memory.hash.Hashing}. */
package io.millrace.memory.hash;
