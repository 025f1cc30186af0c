package io.millrace.memory.buffer;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.agrona.UnsafeApi;

/** Gets memory from the system and gives it back. Thread-safe. */
final class NativeMemory {
    static final int ALIGNMENT_BYTES = 64;
    static final long HUGE_PAGE_BYTES = 2L << 20;

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;
    private static final int MADV_HUGEPAGE = 14;

    private NativeMemory() {}

    static MemoryBlock allocate(long capacityBytes) {
        if (capacityBytes >= HUGE_PAGE_BYTES && Mapping.AVAILABLE) {
            MemoryBlock mapped = Mapping.map(capacityBytes);
            if (mapped != null) {
                return mapped;
            }
        }
        long rawBytes = capacityBytes + ALIGNMENT_BYTES;
        long raw;
        try {
            raw = UnsafeApi.allocateMemory(rawBytes);
        } catch (OutOfMemoryError refused) {
            throw new MillraceException(
                    ErrorCode.OUT_OF_MEMORY, "the system refused " + rawBytes + " bytes of memory", refused);
        }
        long address = raw + ALIGNMENT_BYTES - 1 & -ALIGNMENT_BYTES;
        return new MemoryBlock(address, capacityBytes, raw, rawBytes, false);
    }

    static void free(MemoryBlock block) {
        if (block.mapped()) {
            Mapping.unmap(block);
        } else {
            UnsafeApi.freeMemory(block.rawAddress());
        }
    }

    /** Anonymous mappings by way of the C library; not available off Linux. */
    private static final class Mapping {
        static final boolean AVAILABLE;
        private static final MethodHandle MMAP;
        private static final MethodHandle MUNMAP;
        private static final MethodHandle MADVISE;

        static {
            MethodHandle mmap = null;
            MethodHandle munmap = null;
            MethodHandle madvise = null;
            if ("Linux".equals(System.getProperty("os.name"))) {
                Linker linker = Linker.nativeLinker();
                SymbolLookup lookup = linker.defaultLookup();
                mmap =
                        handle(
                                linker,
                                lookup,
                                "mmap",
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_LONG,
                                        ValueLayout.JAVA_LONG,
                                        ValueLayout.JAVA_LONG,
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_LONG));
                munmap =
                        handle(
                                linker,
                                lookup,
                                "munmap",
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
                madvise =
                        handle(
                                linker,
                                lookup,
                                "madvise",
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_LONG,
                                        ValueLayout.JAVA_LONG,
                                        ValueLayout.JAVA_INT));
            }
            MMAP = mmap;
            MUNMAP = munmap;
            MADVISE = madvise;
            AVAILABLE = mmap != null && munmap != null && madvise != null;
        }

        private static MethodHandle handle(Linker linker, SymbolLookup lookup, String name, FunctionDescriptor type) {
            MemorySegment symbol = lookup.find(name).orElse(null);
            return symbol == null ? null : linker.downcallHandle(symbol, type);
        }

        static MemoryBlock map(long capacityBytes) {
            long usable = capacityBytes + HUGE_PAGE_BYTES - 1 & -HUGE_PAGE_BYTES;
            long reserved = usable + HUGE_PAGE_BYTES;
            try {
                long raw =
                        (long) MMAP.invokeExact(0L, reserved, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
                if (raw == -1L) {
                    return null;
                }
                long address = raw + HUGE_PAGE_BYTES - 1 & -HUGE_PAGE_BYTES;
                int ignored = (int) MADVISE.invokeExact(address, usable, MADV_HUGEPAGE);
                return new MemoryBlock(address, usable, raw, reserved, true);
            } catch (Throwable failure) {
                throw new MillraceException(ErrorCode.OUT_OF_MEMORY, "mapping " + reserved + " bytes failed", failure);
            }
        }

        static void unmap(MemoryBlock block) {
            try {
                int ignored = (int) MUNMAP.invokeExact(block.rawAddress(), block.rawBytes());
            } catch (Throwable failure) {
                throw MillraceException.wrap(failure);
            }
        }
    }
}
