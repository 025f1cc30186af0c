/** What is computed in a row. Read {@link io.millrace.operators.expression.Expression} first. */
package io.millrace.operators.expression;
