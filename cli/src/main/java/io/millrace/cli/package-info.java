/**
 * The command line.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.cli;
