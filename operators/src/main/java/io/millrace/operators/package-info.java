/**
 * The operator graph, the operators, expressions and their code generation.
 *
 * <p>Read {@link io.millrace.operators.graph.OperatorGraph} for what a query becomes, {@link
 * io.millrace.operators.contract.Operator} for what an operator must do, and {@link
 * io.millrace.operators.expression.Expression} for what is computed in a row. Each operator has a package with one spec
 * record. Nothing here knows a scheduler, SQL, or a format.
 */
package io.millrace.operators;
