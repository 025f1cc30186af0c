package io.millrace.operators.graph;

/**
 * An edge of a graph.
 *
 * @param from id of the node that emits
 * @param input which input of the receiving operator, from 0
 */
public record Edge(int from, int input, Partitioning partitioning) {}
