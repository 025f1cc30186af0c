package io.millrace.operators.function;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of one STRING or BYTES value, by address: a flyweight for arguments, and for results the place to write
 * them. A result either points into an argument ({@link #slice}) or lies in this text's own scratch memory, which the
 * evaluator frees; either way it is valid until the next call. One thread.
 */
public final class Text implements AutoCloseable {
    private static final int MIN_SCRATCH_BYTES = 64;

    private final Allocator allocator;
    private Buffer scratch;
    private long scratchAddress;
    private int scratchBytes;
    private long address;
    private int length;
    private boolean isNull;

    /** A text for arguments only. */
    public Text() {
        this(null);
    }

    /** A text for results too. */
    public Text(Allocator allocator) {
        this.allocator = allocator;
    }

    public long address() {
        return address;
    }

    /** Length in bytes. */
    public int length() {
        return length;
    }

    public boolean isNull() {
        return isNull;
    }

    /** Points at bytes that outlive the use of this. */
    public Text set(long newAddress, int newLength) {
        address = newAddress;
        length = newLength;
        isNull = false;
        return this;
    }

    public void setNull() {
        address = 0;
        length = 0;
        isNull = true;
    }

    /** Points at a part of another text, in bytes. */
    public void slice(Text of, int from, int lengthBytes) {
        set(of.address + from, lengthBytes);
    }

    public byte byteAt(int index) {
        return Mem.getByte(address + index);
    }

    /** Begins an empty value in scratch memory. */
    public Text clear() {
        address = scratchAddress;
        length = 0;
        isNull = false;
        return this;
    }

    /** Room for {@code lengthBytes} more bytes at the end; returns where, to be counted by {@link #advance}. */
    public long reserve(int lengthBytes) {
        int wanted = Math.addExact(length, lengthBytes);
        if (wanted > scratchBytes) {
            grow(wanted);
        }
        return address + length;
    }

    private void grow(int wanted) {
        int capacity = Math.max(Math.max(MIN_SCRATCH_BYTES, wanted), (int) Math.min(1L << 30, scratchBytes * 2L));
        Buffer grown = allocator.allocate(MemoryTag.BATCH, capacity);
        Mem.copy(address, grown.address(), length);
        if (scratch != null) {
            scratch.release();
        }
        scratch = grown;
        scratchAddress = grown.address();
        scratchBytes = capacity;
        address = scratchAddress;
    }

    /** Counts bytes written where {@link #reserve} said. */
    public void advance(int lengthBytes) {
        length += lengthBytes;
    }

    public Text append(byte value) {
        Mem.putByte(reserve(1), value);
        length++;
        return this;
    }

    public Text append(long fromAddress, int lengthBytes) {
        Mem.copy(fromAddress, reserve(lengthBytes), lengthBytes);
        length += lengthBytes;
        return this;
    }

    public Text append(Text other) {
        return append(other.address, other.length);
    }

    public Text append(byte[] bytes) {
        Mem.copyIn(bytes, 0, reserve(bytes.length), bytes.length);
        length += bytes.length;
        return this;
    }

    /** Encodes as UTF-8. */
    public Text append(String text) {
        return append(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Copies the value out. */
    public byte[] toBytes() {
        byte[] bytes = new byte[length];
        Mem.copyOut(address, bytes, 0, length);
        return bytes;
    }

    /** Whether all bytes are below 0x80, so that bytes are characters. */
    public boolean isAscii() {
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            if ((Mem.getLong(address + i) & 0x8080808080808080L) != 0) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (Mem.getByte(address + i) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Code points, counted as bytes that continue none. */
    public int characters() {
        int count = 0;
        for (int i = 0; i < length; i++) {
            count += (Mem.getByte(address + i) & 0xc0) != 0x80 ? 1 : 0;
        }
        return count;
    }

    /** The byte index of a character by its index from 0, or the length when there are fewer. */
    public int byteIndexOf(int character) {
        int seen = -1;
        for (int i = 0; i < length; i++) {
            if ((Mem.getByte(address + i) & 0xc0) != 0x80 && ++seen == character) {
                return i;
            }
        }
        return length;
    }

    /** First byte index at or after {@code from} where {@code sought} lies, or -1. */
    public int indexOf(Text sought, int from) {
        if (sought.length == 0) {
            return from <= length ? from : -1;
        }
        byte first = sought.byteAt(0);
        int last = length - sought.length;
        for (int i = from; i <= last; i++) {
            if (Mem.getByte(address + i) == first && Mem.sameBytes(address + i, sought.address, sought.length)) {
                return i;
            }
        }
        return -1;
    }

    public boolean sameAs(Text other) {
        return length == other.length && Mem.sameBytes(address, other.address, length);
    }

    /** Whether these are the given bytes. */
    public boolean sameAs(byte[] bytes) {
        if (bytes.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (Mem.getByte(address + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Unsigned lexicographic order of the bytes. */
    public int compareTo(Text other) {
        return Mem.compareBytes(address, length, other.address, other.length);
    }

    /** Decoded as UTF-8. */
    @Override
    public String toString() {
        return isNull ? "NULL" : new String(toBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && isNull == text.isNull && sameAs(text);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toBytes());
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.release();
            scratch = null;
            scratchBytes = 0;
            scratchAddress = 0;
        }
    }
}
