/**
 * The operator graph, the operators, expressions and their code generation.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.operators;
