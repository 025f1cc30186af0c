/**
 * Proof that needs more than one module.
 *
 * <p>Start with {@code architecture}, which holds the source tree to the rules of ARCHITECTURE.md. Tests here run on
 * the built classes of the other modules. Single-threaded unless a test says otherwise.
 */
package io.millrace.it;
