package io.millrace.operators.kernel;

import io.millrace.memory.buffer.Mem;

/** Plain loops without branches on data. */
final class ScalarKernels implements Kernels {
    @Override
    public int selectLongs(long values, int count, long low, long span, long indices) {
        return selectLongsFrom(0, 0, values, count, low, span, indices);
    }

    /** Goes on from a row, when so many indices are written already. */
    static int selectLongsFrom(int from, int selected, long values, int count, long low, long span, long indices) {
        int n = selected;
        long limit = span + Long.MIN_VALUE;
        for (int i = from; i < count; i++) {
            Mem.putInt(indices + 4L * n, i);
            n += Mem.getLong(values + 8L * i) - low + Long.MIN_VALUE <= limit ? 1 : 0;
        }
        return n;
    }

    @Override
    public int selectInts(long values, int count, int low, int span, long indices) {
        return selectIntsFrom(0, 0, values, count, low, span, indices);
    }

    static int selectIntsFrom(int from, int selected, long values, int count, int low, int span, long indices) {
        int n = selected;
        int limit = span + Integer.MIN_VALUE;
        for (int i = from; i < count; i++) {
            Mem.putInt(indices + 4L * n, i);
            n += Mem.getInt(values + 4L * i) - low + Integer.MIN_VALUE <= limit ? 1 : 0;
        }
        return n;
    }

    @Override
    public int selectDoubles(long values, int count, double low, double high, boolean others, long indices) {
        return selectDoublesFrom(0, 0, values, count, low, high, others, indices);
    }

    static int selectDoublesFrom(
            int from, int selected, long values, int count, double low, double high, boolean others, long indices) {
        int n = selected;
        for (int i = from; i < count; i++) {
            double value = Mem.getDouble(values + 8L * i);
            Mem.putInt(indices + 4L * n, i);
            n += (value >= low & value <= high) != others ? 1 : 0;
        }
        return n;
    }

    @Override
    public int selectTrue(long booleans, int count, long indices) {
        int n = 0;
        for (int i = 0; i < count; i++) {
            Mem.putInt(indices + 4L * n, i);
            n += Mem.getByte(booleans + i);
        }
        return n;
    }

    @Override
    public boolean addLongs(long a, long b, int maskB, long out, int count) {
        return addLongsFrom(0, a, b, maskB, out, count);
    }

    static boolean addLongsFrom(int from, long a, long b, int maskB, long out, int count) {
        long overflow = 0;
        for (int i = from; i < count; i++) {
            long x = Mem.getLong(a + 8L * i);
            long y = Mem.getLong(b + 8L * (i & maskB));
            long sum = x + y;
            overflow |= (x ^ sum) & (y ^ sum);
            Mem.putLong(out + 8L * i, sum);
        }
        return overflow < 0;
    }

    @Override
    public boolean subtractLongs(long a, long b, int maskB, long out, int count) {
        return subtractLongsFrom(0, a, b, maskB, out, count);
    }

    static boolean subtractLongsFrom(int from, long a, long b, int maskB, long out, int count) {
        long overflow = 0;
        for (int i = from; i < count; i++) {
            long x = Mem.getLong(a + 8L * i);
            long y = Mem.getLong(b + 8L * (i & maskB));
            long difference = x - y;
            overflow |= (x ^ y) & (x ^ difference);
            Mem.putLong(out + 8L * i, difference);
        }
        return overflow < 0;
    }

    @Override
    public void addDoubles(long a, long b, int maskB, long out, int count) {
        for (int i = 0; i < count; i++) {
            Mem.putDouble(out + 8L * i, Mem.getDouble(a + 8L * i) + Mem.getDouble(b + 8L * (i & maskB)));
        }
    }

    @Override
    public void subtractDoubles(long a, long b, int maskB, long out, int count) {
        for (int i = 0; i < count; i++) {
            Mem.putDouble(out + 8L * i, Mem.getDouble(a + 8L * i) - Mem.getDouble(b + 8L * (i & maskB)));
        }
    }

    @Override
    public void multiplyDoubles(long a, long b, int maskB, long out, int count) {
        for (int i = 0; i < count; i++) {
            Mem.putDouble(out + 8L * i, Mem.getDouble(a + 8L * i) * Mem.getDouble(b + 8L * (i & maskB)));
        }
    }
}
