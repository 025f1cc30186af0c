/**
 * What a query becomes: one graph of operators for bounded and unbounded input alike. Read {@link
 * io.millrace.operators.graph.OperatorGraph}.
 */
package io.millrace.operators.graph;
