package io.millrace.operators.contract;

/**
 * The end of an epoch, in-band.
 *
 * @param epoch rises by one
 * @param checkpoint the checkpoint whose snapshot is to be taken here, or 0 for none: a barrier when not 0
 * @param live whether all sources have reached the present; while false, results that can still change are held back
 */
public record EpochMarker(long epoch, long checkpoint, boolean live) {
    public boolean isBarrier() {
        return checkpoint != 0;
    }
}
