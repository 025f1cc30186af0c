package io.millrace.operators.contract;

/**
 * What an execution of one node is told before its tasks open.
 *
 * @param bounded whether all the inputs end by themselves, so that final results alone are wanted
 * @param taskCount the node's parallelism
 * @param idleTimeoutNanos after which an idle source split no longer holds the watermark; 0 for never
 */
public record RunContext(String jobName, String nodeName, boolean bounded, int taskCount, long idleTimeoutNanos) {}
