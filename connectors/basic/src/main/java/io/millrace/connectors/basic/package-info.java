/**
 * Small connectors without an outside system: print, blackhole, datagen and values.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.connectors.basic;
