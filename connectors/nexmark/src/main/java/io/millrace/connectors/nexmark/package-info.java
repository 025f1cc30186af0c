/**
 * The Nexmark event generator, a function of seed and event number.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.connectors.nexmark;
