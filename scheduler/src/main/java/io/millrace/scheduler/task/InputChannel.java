package io.millrace.scheduler.task;

import io.millrace.operators.contract.Operator;
import io.millrace.scheduler.exchange.Channel;

/** One channel into a node, and how far it is. */
public final class InputChannel {
    final Channel channel;
    final int input;
    long watermarkMicros = Long.MIN_VALUE;
    long epoch;

    /** A channel that feeds the given input of the operator. */
    public InputChannel(Channel channel, int input) {
        this.channel = channel;
        this.input = input;
    }

    /** The last watermark that came, {@link Long#MIN_VALUE} before the first. */
    public long watermarkMicros() {
        return watermarkMicros;
    }

    /** Whether nothing will come any more. */
    public boolean isEnded() {
        return watermarkMicros == Operator.END_OF_INPUT;
    }
}
