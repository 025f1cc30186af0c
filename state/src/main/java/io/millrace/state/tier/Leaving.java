package io.millrace.state.tier;

/** Something that is being written out of memory; closing it frees that memory, which counts as leaving until then. */
final class Leaving<T extends AutoCloseable> implements AutoCloseable {
    final T part;
    final long bytes;
    private final StateTier tier;

    Leaving(StateTier tier, T part, long bytes) {
        this.tier = tier;
        this.part = part;
        this.bytes = bytes;
        tier.leaving(bytes);
    }

    @Override
    public void close() {
        HeldParts.close(part);
        tier.leaving(-bytes);
    }
}
