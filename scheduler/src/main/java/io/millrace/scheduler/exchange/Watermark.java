package io.millrace.scheduler.exchange;

import io.millrace.operators.contract.Operator;

/** No row before this will follow; the last of a channel is {@link Operator#END_OF_INPUT}. */
public record Watermark(long micros) {
    public static final Watermark END = new Watermark(Operator.END_OF_INPUT);

    public boolean isEnd() {
        return micros == Operator.END_OF_INPUT;
    }
}
