package io.millrace.operators.kernel;

import io.millrace.memory.buffer.Mem;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loops with the Vector API; the last rows, fewer than a vector, are the scalar twin's. */
final class VectorKernels implements Kernels {
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

    /** As many ints as {@link #LONGS} has longs. */
    private static final VectorSpecies<Integer> HALF_INTS =
            VectorSpecies.of(int.class, jdk.incubator.vector.VectorShape.forBitSize(LONGS.vectorBitSize() / 2));

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final MemorySegment ALL = Mem.ALL;

    @Override
    public int selectLongs(long values, int count, long low, long span, long indices) {
        int width = LONGS.length();
        int bound = LONGS.loopBound(count);
        LongVector lows = LongVector.broadcast(LONGS, low);
        LongVector spans = LongVector.broadcast(LONGS, span);
        IntVector rows = IntVector.zero(HALF_INTS).addIndex(1);
        int n = 0;
        int i = 0;
        for (; i < bound; i += width) {
            LongVector value = LongVector.fromMemorySegment(LONGS, ALL, values + 8L * i, ORDER);
            VectorMask<Long> in = value.sub(lows).compare(VectorOperators.ULE, spans);
            VectorMask<Integer> mask = in.cast(HALF_INTS);
            rows.compress(mask).intoMemorySegment(ALL, indices + 4L * n, ORDER);
            n += in.trueCount();
            rows = rows.add(width);
        }
        return ScalarKernels.selectLongsFrom(i, n, values, count, low, span, indices);
    }

    @Override
    public int selectInts(long values, int count, int low, int span, long indices) {
        int width = INTS.length();
        int bound = INTS.loopBound(count);
        IntVector lows = IntVector.broadcast(INTS, low);
        IntVector spans = IntVector.broadcast(INTS, span);
        IntVector rows = IntVector.zero(INTS).addIndex(1);
        int n = 0;
        int i = 0;
        for (; i < bound; i += width) {
            IntVector value = IntVector.fromMemorySegment(INTS, ALL, values + 4L * i, ORDER);
            VectorMask<Integer> in = value.sub(lows).compare(VectorOperators.ULE, spans);
            rows.compress(in).intoMemorySegment(ALL, indices + 4L * n, ORDER);
            n += in.trueCount();
            rows = rows.add(width);
        }
        return ScalarKernels.selectIntsFrom(i, n, values, count, low, span, indices);
    }

    @Override
    public int selectDoubles(long values, int count, double low, double high, boolean others, long indices) {
        int width = DOUBLES.length();
        int bound = DOUBLES.loopBound(count);
        VectorMask<Double> flip = VectorMask.fromLong(DOUBLES, others ? -1L : 0L);
        DoubleVector lows = DoubleVector.broadcast(DOUBLES, low);
        DoubleVector highs = DoubleVector.broadcast(DOUBLES, high);
        IntVector rows = IntVector.zero(HALF_INTS).addIndex(1);
        int n = 0;
        int i = 0;
        for (; i < bound; i += width) {
            DoubleVector value = DoubleVector.fromMemorySegment(DOUBLES, ALL, values + 8L * i, ORDER);
            VectorMask<Double> in =
                    value.compare(VectorOperators.GE, lows).and(value.compare(VectorOperators.LE, highs)).xor(flip);
            rows.compress(in.cast(HALF_INTS)).intoMemorySegment(ALL, indices + 4L * n, ORDER);
            n += in.trueCount();
            rows = rows.add(width);
        }
        return ScalarKernels.selectDoublesFrom(i, n, values, count, low, high, others, indices);
    }

    @Override
    public int selectTrue(long booleans, int count, long indices) {
        int n = 0;
        int whole = count & ~7;
        for (int i = 0; i < whole; i += 8) {
            // The lowest bits of eight bytes, gathered in order into the top byte: booleans are 0 or 1.
            long bits = Mem.getLong(booleans + i) * 0x0102040810204080L >>> 56;
            while (bits != 0) {
                Mem.putInt(indices + 4L * n++, i + Long.numberOfTrailingZeros(bits));
                bits &= bits - 1;
            }
        }
        for (int i = whole; i < count; i++) {
            Mem.putInt(indices + 4L * n, i);
            n += Mem.getByte(booleans + i);
        }
        return n;
    }

    @Override
    public boolean addLongs(long a, long b, int maskB, long out, int count) {
        int width = LONGS.length();
        int bound = LONGS.loopBound(count);
        LongVector overflow = LongVector.zero(LONGS);
        LongVector constant = LongVector.broadcast(LONGS, count == 0 ? 0 : Mem.getLong(b));
        int i = 0;
        for (; i < bound; i += width) {
            LongVector x = LongVector.fromMemorySegment(LONGS, ALL, a + 8L * i, ORDER);
            LongVector y = maskB == 0 ? constant : LongVector.fromMemorySegment(LONGS, ALL, b + 8L * i, ORDER);
            LongVector sum = x.add(y);
            overflow = overflow.or(x.lanewise(VectorOperators.XOR, sum).and(y.lanewise(VectorOperators.XOR, sum)));
            sum.intoMemorySegment(ALL, out + 8L * i, ORDER);
        }
        boolean any = overflow.compare(VectorOperators.LT, 0).anyTrue();
        return any | ScalarKernels.addLongsFrom(i, a, b, maskB, out, count);
    }

    @Override
    public boolean subtractLongs(long a, long b, int maskB, long out, int count) {
        int width = LONGS.length();
        int bound = LONGS.loopBound(count);
        LongVector overflow = LongVector.zero(LONGS);
        LongVector constant = LongVector.broadcast(LONGS, count == 0 ? 0 : Mem.getLong(b));
        int i = 0;
        for (; i < bound; i += width) {
            LongVector x = LongVector.fromMemorySegment(LONGS, ALL, a + 8L * i, ORDER);
            LongVector y = maskB == 0 ? constant : LongVector.fromMemorySegment(LONGS, ALL, b + 8L * i, ORDER);
            LongVector difference = x.sub(y);
            overflow = overflow.or(x.lanewise(VectorOperators.XOR, y).and(x.lanewise(VectorOperators.XOR, difference)));
            difference.intoMemorySegment(ALL, out + 8L * i, ORDER);
        }
        boolean any = overflow.compare(VectorOperators.LT, 0).anyTrue();
        return any | ScalarKernels.subtractLongsFrom(i, a, b, maskB, out, count);
    }

    @Override
    public void addDoubles(long a, long b, int maskB, long out, int count) {
        int bound = DOUBLES.loopBound(count);
        DoubleVector constant = DoubleVector.broadcast(DOUBLES, count == 0 ? 0 : Mem.getDouble(b));
        int i = 0;
        for (; i < bound; i += DOUBLES.length()) {
            DoubleVector x = DoubleVector.fromMemorySegment(DOUBLES, ALL, a + 8L * i, ORDER);
            DoubleVector y = maskB == 0 ? constant : DoubleVector.fromMemorySegment(DOUBLES, ALL, b + 8L * i, ORDER);
            x.add(y).intoMemorySegment(ALL, out + 8L * i, ORDER);
        }
        for (; i < count; i++) {
            Mem.putDouble(out + 8L * i, Mem.getDouble(a + 8L * i) + Mem.getDouble(b + 8L * (i & maskB)));
        }
    }

    @Override
    public void subtractDoubles(long a, long b, int maskB, long out, int count) {
        int bound = DOUBLES.loopBound(count);
        DoubleVector constant = DoubleVector.broadcast(DOUBLES, count == 0 ? 0 : Mem.getDouble(b));
        int i = 0;
        for (; i < bound; i += DOUBLES.length()) {
            DoubleVector x = DoubleVector.fromMemorySegment(DOUBLES, ALL, a + 8L * i, ORDER);
            DoubleVector y = maskB == 0 ? constant : DoubleVector.fromMemorySegment(DOUBLES, ALL, b + 8L * i, ORDER);
            x.sub(y).intoMemorySegment(ALL, out + 8L * i, ORDER);
        }
        for (; i < count; i++) {
            Mem.putDouble(out + 8L * i, Mem.getDouble(a + 8L * i) - Mem.getDouble(b + 8L * (i & maskB)));
        }
    }

    @Override
    public void multiplyDoubles(long a, long b, int maskB, long out, int count) {
        int bound = DOUBLES.loopBound(count);
        DoubleVector constant = DoubleVector.broadcast(DOUBLES, count == 0 ? 0 : Mem.getDouble(b));
        int i = 0;
        for (; i < bound; i += DOUBLES.length()) {
            DoubleVector x = DoubleVector.fromMemorySegment(DOUBLES, ALL, a + 8L * i, ORDER);
            DoubleVector y = maskB == 0 ? constant : DoubleVector.fromMemorySegment(DOUBLES, ALL, b + 8L * i, ORDER);
            x.mul(y).intoMemorySegment(ALL, out + 8L * i, ORDER);
        }
        for (; i < count; i++) {
            Mem.putDouble(out + 8L * i, Mem.getDouble(a + 8L * i) * Mem.getDouble(b + 8L * (i & maskB)));
        }
    }
}
