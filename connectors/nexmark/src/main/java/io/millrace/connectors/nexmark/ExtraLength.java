package io.millrace.connectors.nexmark;

/** How long an {@code extra} is: at least {@code minBytes}, and uniformly up to {@code spreadBytes - 1} more. */
record ExtraLength(int minBytes, int spreadBytes) {
    /** Pads to an average of {@code averageBytes}, give or take a fifth of what is missing. */
    static ExtraLength of(int recordBytes, int averageBytes) {
        if (recordBytes > averageBytes) {
            return new ExtraLength(0, 0);
        }
        int missing = averageBytes - recordBytes;
        int delta = (int) Math.round(missing * 0.2);
        return new ExtraLength(missing - delta, 2 * delta);
    }

    int maxBytes() {
        return minBytes + Math.max(0, spreadBytes - 1);
    }
}
