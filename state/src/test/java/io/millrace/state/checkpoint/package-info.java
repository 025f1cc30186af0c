/**
 * Tests of checkpoints. {@link io.millrace.state.checkpoint.MemoryStorage} stands for a disk that can crash, fail and
 * be damaged; {@link io.millrace.state.checkpoint.SampleCheckpoints} writes checkpoints into a store. Shared with other
 * modules; one thread unless said otherwise.
 */
package io.millrace.state.checkpoint;
