/**
 * The innermost loops by JMH: kernels over raw columns, hashing, and keyed tables. Read {@link
 * io.millrace.benchmarks.kernel.KernelSuite}, which says how to run them.
 */
package io.millrace.benchmarks.kernel;
