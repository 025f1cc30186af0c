package io.millrace.engine.durable;

import io.millrace.state.checkpoint.Manifest;

/**
 * A checkpoint that lies where it needs nothing else.
 *
 * @param location as it can be given to {@link Durability}
 */
public record Savepoint(Manifest manifest, String location) {}
