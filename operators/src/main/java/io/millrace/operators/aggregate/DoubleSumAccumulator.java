package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * SUM and AVG of FLOAT and DOUBLE that depend on neither order nor parallelism and can be taken back exactly: the sum
 * is kept as a fixed-point number wide enough for every double (after Kulisch; the loose limbs are Neal's, Fast Exact
 * Summation Using Small and Large Superaccumulators, 2015). NaNs and infinities are counted apart.
 *
 * <pre>
 *   i64 values | i64 NaNs | i64 +infinities | i64 -infinities | i64 additions since carries were settled | 67 x i64 limbs
 *   limb k counts units of 2^(32 k - 1074), signed, with room for 2^31 additions
 * </pre>
 */
final class DoubleSumAccumulator implements Accumulator {
    private static final int LIMBS = 67;
    private static final int LIMBS_OFFSET = 40;
    private static final int BYTES = LIMBS_OFFSET + 8 * LIMBS;
    private static final long SETTLE_AFTER = 1 << 28;

    private final boolean average;

    DoubleSumAccumulator(boolean average) {
        this.average = average;
    }

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public String layout() {
        return "sum-double";
    }

    @Override
    public boolean isFlat() {
        return false;
    }

    @Override
    public boolean isSelfContained() {
        return true;
    }

    /** Of the limbs, which most sums use few of: a bit each, least first, then those that are not zero. */
    @Override
    public void write(long address, StateOutput output) {
        output.putBytes(address, LIMBS_OFFSET);
        for (int first = 0; first < LIMBS; first += 8) {
            int used = 0;
            for (int k = first; k < Math.min(LIMBS, first + 8); k++) {
                used |= Mem.getLong(address + LIMBS_OFFSET + 8L * k) == 0 ? 0 : 1 << (k - first);
            }
            output.putByte(used);
        }
        for (int k = 0; k < LIMBS; k++) {
            long limb = Mem.getLong(address + LIMBS_OFFSET + 8L * k);
            if (limb != 0) {
                output.putLong(limb);
            }
        }
    }

    @Override
    public void read(StateInput input, long address) {
        input.getBytes(address, LIMBS_OFFSET);
        long used = input.skip((LIMBS + 7) / 8);
        for (int k = 0; k < LIMBS; k++) {
            if (Mem.getBit(used, k)) {
                Mem.putLong(address + LIMBS_OFFSET + 8L * k, input.getLong());
            }
        }
    }

    @Override
    public void update(Column argument, RowSet rows, int offset) {
        for (int i = 0; i < rows.count; i++) {
            add(rows.target(i) + offset, argument.getDouble(rows.row(i)), rows.weight(i));
        }
    }

    @Override
    public void updateOne(Column argument, RowSet rows, long address) {
        for (int i = 0; i < rows.count; i++) {
            add(address, argument.getDouble(rows.row(i)), rows.weight(i));
        }
    }

    private static void increase(long at, long by) {
        Mem.putLong(at, Mem.getLong(at) + by);
    }

    private static void add(long at, double value, long weight) {
        increase(at, weight);
        long bits = Double.doubleToRawLongBits(value);
        int exponent = (int) (bits >>> 52) & 0x7ff;
        long mantissa = bits & 0xf_ffff_ffff_ffffL;
        if (exponent == 0x7ff) {
            increase(at + (mantissa != 0 ? 8 : bits >= 0 ? 16 : 24), weight);
            return;
        }
        if (exponent != 0) {
            mantissa |= 1L << 52;
            exponent--;
        }
        long settled = Mem.getLong(at + 32) + Math.abs(weight);
        if (weight == Long.MIN_VALUE || Math.abs(weight) >= SETTLE_AFTER) {
            addOften(at, value, weight);
            return;
        }
        if (settled >= SETTLE_AFTER) {
            settle(at);
            settled = Math.abs(weight);
        }
        Mem.putLong(at + 32, settled);
        long signed = bits < 0 ? -weight : weight;
        int shift = exponent & 31;
        long limb = at + LIMBS_OFFSET + 8L * (exponent >> 5);
        // The mantissa, shifted, spans up to 85 bits: three limbs of 32.
        increase(limb, (mantissa << shift & 0xffff_ffffL) * signed);
        increase(limb + 8, (mantissa >>> (32 - shift) & 0xffff_ffffL) * signed);
        long top = shift == 0 ? 0 : mantissa >>> (64 - shift);
        increase(limb + 16, top * signed);
    }

    private static void addOften(long at, double value, long weight) {
        increase(at, -weight);
        long part = weight / 8;
        for (int i = 0; i < 8; i++) {
            add(at, value, i == 0 ? weight - 7 * part : part);
        }
    }

    /** Carries what exceeds 32 bits of a limb into the next, so that each has its room again. */
    private static void settle(long at) {
        long carry = 0;
        for (int k = 0; k < LIMBS; k++) {
            long limb = at + LIMBS_OFFSET + 8L * k;
            long sum = Mem.getLong(limb) + carry;
            if (k < LIMBS - 1) {
                carry = sum >> 32;
                sum &= 0xffff_ffffL;
            }
            Mem.putLong(limb, sum);
        }
        Mem.putLong(at + 32, 1);
    }

    @Override
    public void merge(Accumulator source, long from, long to) {
        for (int i = 0; i < 4; i++) {
            increase(to + 8L * i, Mem.getLong(from + 8L * i));
        }
        long settled = Mem.getLong(to + 32) + Mem.getLong(from + 32);
        if (settled >= SETTLE_AFTER) {
            settle(to);
            settled = 1 + Mem.getLong(from + 32);
        }
        Mem.putLong(to + 32, settled);
        for (int k = 0; k < LIMBS; k++) {
            increase(to + LIMBS_OFFSET + 8L * k, Mem.getLong(from + LIMBS_OFFSET + 8L * k));
        }
    }

    @Override
    public void append(long rowsAddress, int count, int offset, ColumnBuilder results) {
        for (int i = 0; i < count; i++) {
            long at = Mem.getLong(rowsAddress + 8L * i) + offset;
            long values = Mem.getLong(at);
            if (values == 0) {
                results.appendNull();
            } else {
                results.appendDouble(result(at, values));
            }
        }
    }

    private double result(long at, long values) {
        boolean plus = Mem.getLong(at + 16) != 0;
        boolean minus = Mem.getLong(at + 24) != 0;
        if (Mem.getLong(at + 8) != 0 || plus && minus) {
            return Double.NaN;
        }
        if (plus || minus) {
            return plus ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        BigInteger sum = BigInteger.ZERO;
        for (int k = LIMBS - 1; k >= 0; k--) {
            sum = sum.shiftLeft(32).add(BigInteger.valueOf(Mem.getLong(at + LIMBS_OFFSET + 8L * k)));
        }
        return toDouble(sum, average ? values : 1);
    }

    /** {@code sum * 2^-1074 / divisor}, rounded once, to nearest even. */
    private static double toDouble(BigInteger sum, long divisor) {
        if (sum.signum() == 0) {
            return 0.0;
        }
        BigInteger magnitude = sum.abs();
        BigInteger by = BigInteger.valueOf(divisor);
        int extra = Math.max(0, 66 + by.bitLength() - magnitude.bitLength());
        BigInteger[] parts = magnitude.shiftLeft(extra).divideAndRemainder(by);
        // At least 65 bits of quotient: the upper 62 and one sticky bit below round, as a long, just once.
        int drop = parts[0].bitLength() - 62;
        boolean sticky = parts[1].signum() != 0 || parts[0].getLowestSetBit() < drop;
        long upper = parts[0].shiftRight(drop).longValue() << 1 | (sticky ? 1 : 0);
        int exponent = drop - 1 - extra - 1074;
        double result;
        if (exponent + 62 > Double.MIN_EXPONENT) {
            result = Math.scalb((double) upper, exponent);
        } else {
            result =
                    new BigDecimal(BigInteger.valueOf(upper))
                            .divide(new BigDecimal(BigInteger.ONE.shiftLeft(-exponent)))
                            .doubleValue();
        }
        return sum.signum() < 0 ? -result : result;
    }
}
