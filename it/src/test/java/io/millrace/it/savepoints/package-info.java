/**
 * Savepoints that every version of the engine must read, those of versions before it too. They lie in {@code
 * src/test/resources/savepoints/vN}, N being the format's version, and are never changed once that version is out.
 */
package io.millrace.it.savepoints;
