package io.millrace.connectors.api;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.time.Clock;

/** What the runtime would give, for tests. */
public record TestContext(Allocator allocator, Clock clock, IoThreads io, int batchRows) implements ReaderContext {}
