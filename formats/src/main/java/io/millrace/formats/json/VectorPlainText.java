package io.millrace.formats.json;

import io.millrace.memory.buffer.Mem;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** With the Vector API, 16 or 32 bytes at a time. */
final class VectorPlainText implements PlainText {
    private static final VectorSpecies<Byte> BYTES =
            ByteVector.SPECIES_PREFERRED.length() >= READ_AHEAD_BYTES ? ByteVector.SPECIES_256 : ByteVector.SPECIES_128;

    @Override
    public long length(long from, long end) {
        int step = BYTES.length();
        boolean ascii = true;
        for (long p = from; ; p += step) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, Mem.ALL, p, ByteOrder.LITTLE_ENDIAN);
            long hit =
                    bytes.eq((byte) '"')
                            .or(bytes.eq((byte) '\\'))
                            .or(bytes.compare(VectorOperators.ULT, (byte) ' '))
                            .toLong();
            long high = bytes.compare(VectorOperators.LT, (byte) 0).toLong();
            // With no hit the mask is all ones.
            ascii &= (high & (hit & -hit) - 1) == 0;
            if (hit != 0 || p + step >= end) {
                long length = p - from + (hit == 0 ? step : Long.numberOfTrailingZeros(hit));
                return ascii ? length : ~length;
            }
        }
    }
}
