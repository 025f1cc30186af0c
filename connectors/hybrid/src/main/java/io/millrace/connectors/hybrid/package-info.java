/**
 * History first, then live, behind one table with an exact cut between the two.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.connectors.hybrid;
