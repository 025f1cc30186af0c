package io.millrace.scheduler.exchange;

import io.millrace.memory.batch.Batch;

/** Sends batches as they are: to one reader, to each in turn, or shared to all. */
final class WholeBatchWriter implements EdgeWriter {
    /** Which readers get a batch. */
    enum Spread {
        /** The first; the others are sent control alone. */
        FIRST,
        /** One after another, past those that are full. */
        TURNS,
        /** Every one. */
        ALL
    }

    private final Sender[] senders;
    private final Spread spread;
    private int turn;

    WholeBatchWriter(Sender[] senders, Spread spread) {
        this.senders = senders;
        this.spread = spread;
    }

    @Override
    public boolean isFull() {
        return switch (spread) {
            case FIRST -> senders[0].isFull();
            case TURNS -> nextWithRoom() < 0;
            case ALL -> {
                boolean full = false;
                for (Sender sender : senders) {
                    full |= sender.isFull();
                }
                yield full;
            }
        };
    }

    private int nextWithRoom() {
        for (int i = 0; i < senders.length; i++) {
            int candidate = (turn + i) % senders.length;
            if (!senders[candidate].isFull()) {
                return candidate;
            }
        }
        return -1;
    }

    @Override
    public void write(Batch batch) {
        switch (spread) {
            case FIRST -> senders[0].send(batch);
            case TURNS -> {
                int chosen = Math.max(0, nextWithRoom());
                turn = (chosen + 1) % senders.length;
                senders[chosen].send(batch);
            }
            case ALL -> {
                for (int i = 1; i < senders.length; i++) {
                    senders[i].send(batch.share());
                }
                senders[0].send(batch);
            }
        }
    }

    @Override
    public void control(Object item) {
        for (Sender sender : senders) {
            sender.send(item);
        }
    }

    @Override
    public boolean flush(boolean idle) {
        boolean moved = false;
        for (Sender sender : senders) {
            moved |= sender.flush();
        }
        return moved;
    }

    @Override
    public void limit(int batches) {
        for (Sender sender : senders) {
            sender.limit(batches);
        }
    }

    @Override
    public boolean isAbandoned() {
        for (Sender sender : senders) {
            if (!sender.isAbandoned()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean hasPending() {
        for (Sender sender : senders) {
            if (sender.hasPending()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        for (Sender sender : senders) {
            sender.close();
        }
    }
}
